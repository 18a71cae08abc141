import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/messages.ts';
import { type LayerLabel, layerLabels } from '../../src/protocol/messages.ts';
import { describeSpectrum, summariseSpectra } from '../series/describeSpectrum.ts';
import { FEW_LAYERS, type SpectrumSeries } from '../series/spectra.ts';
import { spectrumTable } from '../series/spectrumTable.ts';
import {
  firstSettings,
  type SpectrumSettings,
  type SpectrumView,
  spectrumView,
} from '../series/spectrumView.ts';
import { describeValues } from '../series/valuesAtK.ts';
import { baselineLegend } from './baseline.ts';
import { addToggle } from './controls.ts';
import { element, fill } from './element.ts';
import { type Figure, type FigureOptions, type Frame, layerKeys, openFrame } from './frame.ts';
import { type LayerLegend, layerLegend } from './layerLegend.ts';
import { css, depthColour, lineStyle, PART_DASH } from './palette.ts';
import { addSpectrumControls } from './spectrumControls.ts';
import { drawMultiples } from './spectrumMultiples.ts';
import { drawOverlay, OVERLAY_HEIGHT } from './spectrumOverlay.ts';
import type { LineStyle, Picture } from './spectrumPanel.ts';

/** A hue and a dash each for a few lines; more are coloured by depth, with a dash for each part. */
const stylesOf =
  (series: readonly SpectrumSeries[]) =>
  (index: number): LineStyle => {
    if (series.length > FEW_LAYERS)
      return { colour: css(depthColour(index / (series.length - 1))), dash: PART_DASH[series[index].part] };
    const { colour, dash } = lineStyle(index);
    return { colour: css(colour), dash };
  };

interface Drawn {
  readonly view: SpectrumView;
  readonly labels: readonly LayerLabel[];
  readonly picture: Picture;
  readonly legend: LayerLegend;
}

/** Lines that the user has hidden, by layer. */
interface HiddenLines {
  has(layer: string): boolean;
  toggle(layer: string): void;
}

const emptyReason = ({ kind }: SpectrumSettings): string =>
  kind === 'view-correlation'
    ? l10n.t('No view correlation was measured, because the experiment makes no pairs of views.')
    : l10n.t('Every singular value is zero.');

const legendOf = (
  { series }: SpectrumView,
  labels: readonly LayerLabel[],
  isAlone: boolean,
  hidden: HiddenLines,
): LayerLegend =>
  layerLegend({
    series: isAlone ? [] : series,
    labels: isAlone ? [] : labels,
    style: stylesOf(series),
    isHidden: (index) => hidden.has(series[index].layer),
    toggle: (index) => hidden.toggle(series[index].layer),
  });

const drawLines = (
  frame: Frame,
  data: Analysis,
  settings: SpectrumSettings,
  title: string,
  hidden: HiddenLines,
): Drawn | null => {
  const view = spectrumView(data, settings);
  if (!view) {
    frame.drawNothing(emptyReason(settings), 'keepControls');
    return null;
  }
  const labels = layerLabels(view.series.map(({ layer }) => layer));
  const style = stylesOf(view.series);
  const summary = `${title}. ${summariseSpectra(data, settings)}`;
  const isAlone = settings.view === 'multiples';
  const picture = isAlone
    ? drawMultiples(frame, view, summary, labels, style)
    : drawOverlay(frame.draw(OVERLAY_HEIGHT, summary), view, frame.width(), labels, style);
  picture.svg.on('pointerleave', () => picture.hover(-1));
  return { view, labels, picture, legend: legendOf(view, labels, isAlone, hidden) };
};

/** What a panel has no room for. */
const wordsBelow = ({ indices }: SpectrumView, { view }: SpectrumSettings): HTMLElement[] =>
  view === 'multiples'
    ? [element('span', { class: 'entry note' }, l10n.t('Below each panel: {0}.', indices[0]))]
    : [];

/** The pointer over the lines: the values at its index, and the line that is nearest to it. */
const listenToLines = (
  frame: Frame,
  drawn: () => Drawn | null,
  describe: (index: number) => string,
  pick: (index: number) => void,
): void =>
  frame.explainAt(
    (x, y) => {
      const now = drawn();
      if (!now) return null;
      const index = now.picture.at(x, y);
      now.picture.hover(index);
      const lines = [
        ...describeValues(now.picture.values(x, y), now.labels, now.view.quantity),
        ...(index < 0 ? [] : [describe(index)]),
      ];
      return lines.length === 0 ? null : lines;
    },
    (x, y) => {
      const index = drawn()?.picture.at(x, y) ?? -1;
      if (index >= 0) pick(index);
    },
  );

const VIEWS = [
  { value: 'overlay', label: l10n.t('overlaid') },
  { value: 'multiples', label: l10n.t('one panel each') },
  { value: 'energy', label: l10n.t('cumulative energy') },
] as const;

/** Singular values of the representation at every layer, or the view-correlation spectrum, against their index k. */
export const drawSpectrum = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let settings = firstSettings(analysis.layers);
  let drawn: Drawn | null = null;
  const hiddenLayers = new Set<string>();
  /** What the legend says of the baseline. */
  const note = element('span');
  const { selection } = options;
  const frame = openFrame(container, options, () => spectrumTable(data, settings.kind, settings.baseline));
  const layers = (): string[] => data.layers.map(({ name }) => name);
  const describe = (index: number): string => describeSpectrum(data.layers[index], settings);
  const hide = (): void => {
    const lines = layers().flatMap((name, index) => (hiddenLayers.has(name) ? [index] : []));
    drawn?.picture.hide(new Set(lines));
  };
  const hidden: HiddenLines = {
    has: (layer) => hiddenLayers.has(layer),
    toggle: (layer) => {
      if (!hiddenLayers.delete(layer)) hiddenLayers.add(layer);
      hide();
    },
  };

  const render = (): void => {
    drawn = drawLines(frame, data, settings, options.title, hidden);
    if (!drawn) return;
    fill(frame.legend, [...drawn.legend.entries, ...wordsBelow(drawn.view, settings), note]);
    if (hiddenLayers.size > 0) hide();
    restyle();
  };
  /** Updates everything that depends on the selected layer. */
  const restyle = (): void => {
    if (!drawn) return;
    const index = layers().indexOf(selection.current() ?? '');
    drawn.picture.select(index);
    drawn.legend.select(index);
    // The entries stay in place, because one may have the focus.
    fill(note, baselineLegend(data.layers, index, settings));
    frame.announce(index < 0 ? '' : describe(index));
  };
  const change = (changes: Partial<SpectrumSettings>): void => {
    settings = { ...settings, ...changes };
    // The data table also follows.
    figure.update(data);
  };
  addSpectrumControls(frame.controls, VIEWS, settings, change);
  addToggle(frame.controls, l10n.t('random baseline'), settings.baseline, (baseline) => change({ baseline }));
  frame.onKeys(layerKeys(selection, layers, 'horizontal'), () => drawn?.picture.reveal());
  const pick = (index: number): void => selection.select(layers()[index]);
  listenToLines(frame, () => drawn, describe, pick);
  const replace = (next: Analysis): void => {
    data = next;
  };
  const figure = frame.open(render, replace, restyle);
  return figure;
};
