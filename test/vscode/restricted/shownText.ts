import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { evaluateWorkbench, screenshot, workbenchText } from '../launcher/browserClient.ts';
import { eventually } from '../suite/editor.ts';

/** What in the page of the workbench would act: links that the hostile folders name, their icons, hidden characters. */
interface Acting {
  readonly links: string[];
  readonly icons: number;
  readonly hidden: string[];
}

/** Where text of the extension is shown. Menus and the editor itself, which shows a file as it is, are left out. */
const PLACES = [
  '.notifications-center',
  '.notifications-toasts',
  '.quick-input-widget',
  '.part.sidebar',
  '.part.statusbar',
  '.part.panel',
  '.monaco-hover',
  '.tabs-container',
  '.codelens-decoration',
  '.monaco-dialog-box',
];

const LOOK = `(() => {
  const places = [...document.querySelectorAll(${JSON.stringify(PLACES.join(','))})];
  const links = [...document.querySelectorAll('a')].filter((a) => {
    const href = a.getAttribute('href') ?? a.dataset.href ?? '';
    return /terminal\\.new|owned/.test(href) || /^(click|x)$/.test(a.textContent);
  });
  const icons = places.flatMap((place) => [...place.querySelectorAll(
    '.monaco-icon-label .codicon-trash, .quick-input-list .label-name .codicon-trash, .notification-list-item-message .codicon-trash, .statusbar-item-label .codicon-trash, .monaco-hover .codicon-trash')]);
  const hidden = places.flatMap((place) => place.textContent.match(/.{0,20}[\\u0007\\u001b\\u202a-\\u202e].{0,20}/gu) ?? []);
  return { links: links.map((a) => a.outerHTML.slice(0, 300)), icons: icons.length, hidden };
})()`;

/** Nothing that is in sight acts. */
export const assertInert = async (): Promise<void> => {
  const acting = await evaluateWorkbench<Acting>(LOOK);
  assert.deepEqual(acting, { links: [], icons: 0, hidden: [] });
};

/** The text of the notification centre, once it matches; nothing in it acts. */
export const notified = async (pattern: RegExp): Promise<string> => {
  const text = await eventually(`the message ${pattern}`, async () => {
    await commands.executeCommand('notifications.showList');
    const shown = await workbenchText('.notifications-center.visible');
    return pattern.test(shown) ? shown : null;
  });
  await assertInert();
  return text;
};

export const clearMessages = async (): Promise<void> => {
  await commands.executeCommand('notifications.clearAll');
  await commands.executeCommand('notifications.hideList');
};

/** A picture for whoever looks at what was tested, if a folder for pictures is named. */
export const picture = async (name: string): Promise<void> => {
  const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
  if (folder) await screenshot(`${folder}/restricted-${name}.png`);
};
