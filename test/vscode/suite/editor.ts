import { readFileSync } from 'node:fs';
import { commands, extensions, Uri, workspace } from 'vscode';
import type { PentimentoApi } from '../../../extension/extension.ts';
import { evaluate, webviews } from '../launcher/browserClient.ts';

/** The extension, activated. */
export const api = async (): Promise<PentimentoApi> => {
  const extension = extensions.getExtension<PentimentoApi>('pentimento.pentimento');
  if (extension === undefined) throw new Error('The extension is not installed');
  return extension.activate();
};

export const root = (): Uri => workspace.workspaceFolders![0].uri;
export const file = (path: string): Uri => Uri.joinPath(root(), path);
export const runFolder = (name: string): Uri => file(`.pentimento/runs/${name}`);
export const json = <T>(uri: Uri): T => JSON.parse(readFileSync(uri.fsPath, 'utf8')) as T;

/** Waits until `probe` gives something else than undefined, null, false or an error; names what it waited for. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  milliseconds = 60_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + milliseconds;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false)
        return value as Exclude<NonNullable<T>, false>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what} did not happen in ${milliseconds} ms; last: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The number of figures that a page has drawn, once it has drawn any. */
export const drawn = (page: string): Promise<number> =>
  eventually(`figures in ${page}`, async () => {
    const view = (await webviews()).find(({ data, visible }) => visible && data.page === page);
    return Number(view?.data.drawn ?? 0) || undefined;
  });

export const textOf = (page: string): Promise<string> => evaluate<string>(page, 'document.body.innerText');

export const closeEditors = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.closeAllEditors');

/** Sets the colour theme. VS Code ignores a value that is set already, even before it has applied it. */
export const setTheme = async (theme: string): Promise<void> => {
  const workbench = workspace.getConfiguration('workbench');
  if (workbench.get('colorTheme') === theme) await workbench.update('colorTheme', 'Default Light+', true);
  await workspace.getConfiguration('workbench').update('colorTheme', theme, true);
};
