import { commands } from 'vscode';
import { press, workbenchText } from '../launcher/browserClient.ts';
import { api, eventually } from '../suite/editor.ts';
import { type Acting, acting, picture } from './shownText.ts';

/** Folders of the workspace whose show.json must be refused. */
const REFUSED = ['links', 'large', 'outside', 'linked', 'many', 'deep'];

/** What only a newly opened window shows: messages appear by themselves, and once. */
export interface Start {
  readonly messages: string;
  /** Active content in them. */
  readonly acting: readonly Acting[];
}

let seen: Start | undefined;

/** The whole list; the notification centre has only some rows in the page at a time. */
const wholeList = async (name: string): Promise<Start> => {
  await commands.executeCommand('notifications.showList');
  const texts: string[] = [];
  const found: Acting[] = [];
  for (const key of ['Home', 'PageDown', 'PageDown', 'End']) {
    await press(key);
    texts.push(await workbenchText('.notifications-center.visible'));
    found.push(await acting());
    await picture(`${name}-${texts.length}`);
  }
  return { messages: texts.join('\n'), acting: found };
};

/** Checks the window before the first test, so that no test has to be the first one; reports how soon it responded. */
export const lookAtMessages = async (): Promise<void> => {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const extension = await api();
  await extension.selectedLayers();
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (performance.now() - begun).toFixed(0);
  const processor = ((user + system) / 1000).toFixed(0);
  const { activationMs } = extension;
  console.log(
    `  first answer after ${milliseconds} ms, ${processor} ms of them worked; activation took ${activationMs.toFixed(0)} ms`,
  );
  seen = await eventually('a message of each show.json', async () => {
    const start = await wholeList('messages');
    return REFUSED.every((folder) => start.messages.includes(`${folder}/.pentimento/show.json`))
      ? start
      : null;
  });
};

export const atStart = (): Start => {
  if (seen === undefined) throw new Error('nobody looked at the window before the first test');
  return seen;
};
