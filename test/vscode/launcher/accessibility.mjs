// Runs axe-core inside a webview.
import axe from 'axe-core';

/**
 * Runs axe-core in a frame and returns the violations. `options` are those of `axe.run`. A webview's document is
 * transparent over a colour of the workbench, which axe cannot see: `background` is a CSS colour to put under it
 * during the check. `within` is a CSS selector of the part to check.
 */
export async function violations(
  frame,
  { options = {}, background = 'var(--vscode-editor-background)', within } = {},
) {
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(axe.source);
  return frame.evaluate(
    async ({ options, background, within }) => {
      const { style } = document.documentElement;
      const before = style.backgroundColor;
      style.backgroundColor = background;
      try {
        const { violations } = await globalThis.axe.run(within ?? document, {
          ...options,
          resultTypes: ['violations'],
        });
        return violations.map(({ id, impact, help, nodes }) => ({
          id,
          impact,
          help,
          nodes: nodes.map(({ target, html, failureSummary }) => ({
            target: target.join(' '),
            html: html.slice(0, 300),
            summary: failureSummary,
          })),
        }));
      } finally {
        style.backgroundColor = before;
      }
    },
    { options, background, within },
  );
}
