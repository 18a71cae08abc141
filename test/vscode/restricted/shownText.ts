import assert from 'node:assert/strict';
import { evaluateWorkbench, screenshot } from '../launcher/browserClient.ts';
import { notified } from '../suite/editor.ts';

/** Active content in the page of the workbench: links that the hostile folders name, their icons, hidden characters. */
export interface Acting {
  readonly links: string[];
  readonly icons: number;
  readonly hidden: string[];
}

/** Where text of the extension is shown. Menus, the Explorer and the editor itself, which show files as they are, are left out. */
const PLACES = [
  '.notifications-center',
  '.notifications-toasts',
  '.quick-input-widget',
  '.part.sidebar .tree-explorer-viewlet-tree-view',
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

export const acting = (): Promise<Acting> => evaluateWorkbench<Acting>(LOOK);

export const NOTHING: Acting = { links: [], icons: 0, hidden: [] };

/** Nothing visible is active. */
export const assertInert = async (): Promise<void> => assert.deepEqual(await acting(), NOTHING);

/** The message that matches, without active content. */
export const inertMessage = async (pattern: RegExp): Promise<string> => {
  const text = await notified(pattern);
  await assertInert();
  return text;
};

/** A screenshot for review, if a folder for pictures is named. */
export const picture = async (name: string): Promise<void> => {
  const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
  if (folder) await screenshot(`${folder}/restricted-${name}.png`);
};
