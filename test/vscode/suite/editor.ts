import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commands, extensions, Uri, workspace } from 'vscode';
import type { PentimentoApi } from '../../../extension/extension.ts';
import { evaluate, webviews, workbenchText } from '../launcher/browserClient.ts';

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

/** Only something that never happens takes this long. */
const PATIENCE = Number(process.env.PENTIMENTO_TEST_PATIENCE || 300_000);
/** Interval in ms for polling what has no event, such as a text in the page. */
const EVERY = 50;

/** Waits until `probe` returns something other than undefined, null, false or an error; names what it waited for. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + PATIENCE;
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
    if (Date.now() > end) throw new Error(`${what} did not happen in ${PATIENCE} ms; last: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

/** The number of figures that a page has drawn, once it has drawn any. */
export const drawn = (page: string): Promise<number> =>
  eventually(`figures in ${page}`, async () => {
    const view = (await webviews()).find(({ data, visible }) => visible && data.page === page);
    return Number(view?.data.drawn ?? 0) || undefined;
  });

export const textOf = (page: string): Promise<string> => evaluate<string>(page, 'document.body.innerText');

/** The text of a page; empty while it is not visible. */
export const visibleText = async (page: string): Promise<string> => {
  const open = (await webviews()).some(({ data, visible }) => visible && data.page === page);
  return open ? textOf(page) : '';
};

export const closeEditors = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.closeAllEditors');

/** Sets the colour theme. VS Code ignores a value that is already set, even if it has not applied it yet. */
export const setTheme = async (theme: string): Promise<void> => {
  const workbench = workspace.getConfiguration('workbench');
  if (workbench.get('colorTheme') === theme) await workbench.update('colorTheme', 'Default Light+', true);
  await workspace.getConfiguration('workbench').update('colorTheme', theme, true);
};

/** The text of the notification centre, once it matches; toasts would disappear by themselves. */
export const notified = (pattern: RegExp): Promise<string> =>
  eventually(`the message ${pattern}`, async () => {
    await commands.executeCommand('notifications.showList');
    const text = await workbenchText('.notifications-center.visible');
    return pattern.test(text) ? text : null;
  });

export const clearNotifications = async (): Promise<void> => {
  await commands.executeCommand('notifications.clearAll');
  // If left open, the centre would cover what is to be clicked.
  await commands.executeCommand('notifications.hideList');
};

/** Ends the engine like a crash, and returns the message about that. */
export const endEngine = async (): Promise<void> => {
  const { enginePid } = await api();
  const pid = enginePid();
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await eventually('no engine', () => enginePid() === undefined);
  await clearNotifications();
};

/** A run that the test may change: the finished one under another name, without some of its files. */
export const copyRun = async (name: string, without: readonly string[] = []): Promise<Uri> => {
  const copy = runFolder(name);
  cpSync(runFolder('finished').fsPath, copy.fsPath, { recursive: true });
  for (const one of without) rmSync(join(copy.fsPath, one), { recursive: true, force: true });
  await commands.executeCommand('pentimento.refreshRuns');
  return copy;
};
