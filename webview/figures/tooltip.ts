import { element, fill } from './element.ts';

export interface Tooltip {
  /** Shows the lines beside a point given in the coordinates of `container`. */
  show(lines: readonly string[], x: number, y: number): void;
  hide(): void;
}

/** A small box over `container`; it never takes the pointer and stays inside the container's width. */
export const createTooltip = (container: HTMLElement): Tooltip => {
  const box = element('div', { class: 'tooltip', hidden: '', 'aria-hidden': 'true' });
  container.append(box);
  let shown = '';
  return {
    show: (lines, x, y) => {
      const text = lines.join('\n');
      if (text !== shown)
        fill(
          box,
          lines.map((line) => element('div', {}, line)),
        );
      shown = text;
      box.hidden = false;
      const left = Math.max(0, Math.min(x + 12, container.clientWidth - box.offsetWidth));
      const above = y - box.offsetHeight - 10;
      box.style.left = `${left}px`;
      box.style.top = `${above >= 0 ? above : y + 14}px`;
    },
    hide: () => {
      box.hidden = true;
    },
  };
};
