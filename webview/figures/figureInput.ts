import type { Frame } from './frame.ts';
import type { Tooltip } from './tooltip.ts';

/** Keys and the pointer over a plot; both do nothing while nothing is drawn. */
export const figureInput = (
  plot: HTMLElement,
  tooltip: Tooltip,
  isDrawn: () => boolean,
): Pick<Frame, 'onKeys' | 'explain' | 'explainAt'> => ({
  onKeys: (keys, after) => {
    plot.addEventListener('keydown', (event) => {
      const action = keys[event.key];
      if (!action || !isDrawn() || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action();
      after?.();
      if (event.key === 'Escape') tooltip.hide();
    });
  },
  explain: (mark, lines) => {
    mark.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      const { clientX, clientY } = event as PointerEvent;
      tooltip.show(lines(), clientX - box.left, clientY - box.top);
    });
    mark.addEventListener('pointerleave', () => tooltip.hide());
  },
  explainAt: (lines, pick) => {
    const at = (event: MouseEvent): [number, number] => {
      const box = plot.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    plot.addEventListener('pointermove', (event) => {
      const [x, y] = at(event);
      const found = isDrawn() && lines(x, y);
      if (found) tooltip.show(found, x, y);
      else tooltip.hide();
    });
    plot.addEventListener('pointerleave', () => tooltip.hide());
    plot.addEventListener('click', (event) => isDrawn() && pick(...at(event)));
  },
});
