/** Keys that move in a list of choices, or work on what has the focus. */
const OWN = new Set([
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'End',
  'Enter',
  'Home',
  'PageDown',
  'PageUp',
  ' ',
]);
const CONTROLS = 'button, input, select, summary';

/**
 * Keys that a control or a figure uses do nothing else: VS Code would also move to another cell, or run this one. Escape
 * reaches VS Code all the same, because it leaves the output.
 */
export const keepKeys = (tree: ShadowRoot): void => {
  tree.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event as KeyboardEvent;
    if (!OWN.has(key) || ctrlKey || metaKey || altKey) return;
    const isUsed = event.defaultPrevented || (target as Element).matches(CONTROLS);
    if (isUsed) event.stopPropagation();
  });
};
