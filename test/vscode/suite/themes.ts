import assert from 'node:assert/strict';
import { axe, evaluate, screenshot } from '../launcher/browserClient.ts';
import { eventually, setTheme } from './editor.ts';

const THEMES = {
  'Default Dark Modern': 'vscode-dark',
  'Default Light Modern': 'vscode-light',
  'Default High Contrast': 'vscode-high-contrast',
  'Default High Contrast Light': 'vscode-high-contrast-light',
};

/** Runs axe-core on a page, or what is `within` an element of it, in every theme: nothing serious or critical. */
export const checkThemes = async (page: string, within?: string): Promise<void> => {
  for (const [theme, bodyClass] of Object.entries(THEMES)) {
    await setTheme(theme);
    await eventually(`${theme} in ${page}`, () =>
      evaluate<boolean>(page, `document.body.classList.contains('${bodyClass}')`),
    );
    const broken = await axe(page, { within });
    const grave = broken.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(
      grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      [],
      `${page} in ${theme}`,
    );
    const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
    if (folder) await screenshot(`${folder}/${page}-${bodyClass}.png`);
  }
};
