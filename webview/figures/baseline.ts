import * as l10n from '@vscode/l10n';
import { select } from 'd3';
import type { LayerAnalysis } from '../../src/protocol/messages.ts';
import { pathOf } from '../series/linePath.ts';
import { randomBaseline } from '../series/randomBaseline.ts';
import type { Curve, SpectrumSettings } from '../series/spectrumView.ts';
import { element } from './element.ts';
import type { Group } from './frame.ts';
import type { Panel } from './spectrumScales.ts';

/** Round dots in the text colour: no layer looks like this. */
const dotted = (group: Group, path: string | null): void => {
  group
    .append('path')
    .attr('d', path)
    .attr('fill', 'none')
    .attr('stroke-dasharray', '0 5')
    .attr('stroke-linecap', 'round')
    .attr('stroke-width', 2.4)
    .attr('pointer-events', 'none')
    .style('stroke', 'var(--pentimento-foreground)');
};

/** Px between the points of a baseline, which is smooth. */
const STEP = 2;

export const drawBaseline = (group: Group, panel: Panel, curve: Curve | null): void => {
  if (curve) dotted(group, pathOf(panel.place(curve, STEP)));
};

/** The legend entry for the dots; without `drawn`, only the words. */
const baselineEntry = (words: string, drawn: boolean): HTMLElement => {
  const entry = element('span', { class: drawn ? 'entry' : 'entry note' });
  if (drawn) {
    const swatch = select(entry).append('svg').attr('width', 26).attr('height', 10);
    dotted(swatch.attr('aria-hidden', 'true').append('g') as Group, 'M3,5H26');
  }
  entry.append(words);
  return entry;
};

/** What the legend says of the baseline, with the layer at `index` highlighted, or none for -1. */
export const baselineLegend = (
  layers: readonly LayerAnalysis[],
  index: number,
  { kind, view, baseline }: SpectrumSettings,
): HTMLElement[] => {
  if (!baseline) return [];
  if (kind === 'view-correlation')
    return [baselineEntry(l10n.t('No random baseline for view correlation.'), false)];
  if (layers.every((layer) => randomBaseline(layer, kind) === null))
    return [baselineEntry(l10n.t('No random baseline, because exact moments have no samples.'), false)];
  const law = l10n.t('random baseline (Marchenko–Pastur, same shape and Frobenius norm)');
  if (view === 'multiples') return [baselineEntry(law, true)];
  if (index < 0) return [baselineEntry(l10n.t('Random baseline: highlight a layer to see it.'), false)];
  const { name } = layers[index];
  if (randomBaseline(layers[index], kind) === null)
    return [baselineEntry(l10n.t('No random baseline at {0}.', name), false)];
  const named = l10n.t('random baseline of {0} (Marchenko–Pastur, same shape and Frobenius norm)', name);
  return [baselineEntry(named, true)];
};
