import * as l10n from '@vscode/l10n';
import { select, symbol, symbolDiamond2 } from 'd3';
import { element } from './element.ts';
import type { Group } from './frame.ts';

/** Px from the plot down to the middle of a diamond. */
const BELOW = 7;
const DIAMOND = symbol(symbolDiamond2, 40)() ?? '';

export interface EpochMark {
  readonly epoch: number;
  /** In px of the plot. */
  readonly x: number;
}

/** A diamond below the plot and a thin rule through it for every inspected epoch. */
export const drawEpochMarks = (group: Group, marks: readonly EpochMark[], height: number): void => {
  for (const { x } of marks) {
    const mark = group.append('g').attr('transform', `translate(${x},0)`).attr('pointer-events', 'none');
    mark.append('line').attr('class', 'domain').attr('y2', height).attr('stroke-dasharray', '1 3');
    mark
      .append('path')
      .attr('d', DIAMOND)
      .attr('transform', `translate(0,${height + BELOW})`)
      .attr('fill', 'currentColor');
  }
};

/** Px around a diamond within which the pointer selects it. */
const REACH = 8;

/** The nearest mark whose diamond is at (x, y) of the plot of `height`. */
export const epochMarkAt = (
  marks: readonly EpochMark[],
  height: number,
  x: number,
  y: number,
): EpochMark | null => {
  if (Math.abs(y - height - BELOW) > REACH) return null;
  const near = marks.filter((mark) => Math.abs(mark.x - x) <= REACH);
  return near.reduce<EpochMark | null>(
    (best, mark) => (best === null || Math.abs(mark.x - x) < Math.abs(best.x - x) ? mark : best),
    null,
  );
};

/** The meaning of the diamonds and, for the keyboard, a button per inspected epoch. */
export const epochLegend = (epochs: readonly number[], onEpoch?: (epoch: number) => void): HTMLElement[] => {
  if (epochs.length === 0) return [];
  const entry = element('span', { class: 'entry' });
  const swatch = select(entry).append('svg').attr('width', 12).attr('height', 12).attr('aria-hidden', 'true');
  swatch.append('path').attr('d', DIAMOND).attr('transform', 'translate(6,6)').attr('fill', 'currentColor');
  entry.append(l10n.t('inspected epoch'));
  if (!onEpoch) return [entry];
  const buttons = epochs.map((epoch) => {
    const button = element(
      'button',
      { type: 'button', 'aria-label': l10n.t('Show epoch {0}', epoch) },
      String(epoch),
    );
    button.addEventListener('click', () => onEpoch(epoch));
    return button;
  });
  return [entry, element('span', { class: 'entry hint' }, l10n.t('show:'), buttons)];
};
