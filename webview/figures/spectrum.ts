import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import { describeSpectrum, summariseSpectra } from '../series/describeSpectrum.ts';
import { type LayerLabel, layerLabels } from '../series/layerNames.ts';
import { defaultKind, FEW_LAYERS, type SpectrumSeries } from '../series/spectra.ts';
import { spectrumTable } from '../series/spectrumTable.ts';
import { type SpectrumSettings, type SpectrumView, spectrumView } from '../series/spectrumView.ts';
import { describeValues } from '../series/valuesAtK.ts';
import { baselineLegend } from './baseline.ts';
import { addToggle } from './controls.ts';
import { element, fill } from './element.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
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

/** Singular values of the representation at every layer, or the view-correlation spectrum, against their index k. */
export const drawSpectrum = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let settings: SpectrumSettings = {
    kind: defaultKind(analysis.layers),
    view: 'overlay',
    relative: true,
    logX: true,
    logY: true,
    baseline: false,
  };
  let drawn: Drawn | null = null;
  /** The layers whose lines are not shown, and what the legend says of the baseline. */
  const hidden = new Set<string>();
  const note = element('span');
  const { selection } = options;
  const frame = openFrame(container, options, () => spectrumTable(data, settings.kind, settings.baseline));
  const describe = (index: number): string => describeSpectrum(data.layers[index], settings);

  const render = (): void => {
    drawn = null;
    const view = spectrumView(data, settings);
    if (!view) {
      frame.drawNothing(
        settings.kind === 'view-correlation'
          ? l10n.t('No view correlation was measured, because the experiment makes no pairs of views.')
          : l10n.t('Every singular value is zero.'),
        'keepControls',
      );
      return;
    }
    const labels = layerLabels(view.series.map(({ layer }) => layer));
    const picture = drawPicture(view, labels);
    const legend = drawLegend(view, labels, picture);
    drawn = { view, labels, picture, legend };
    picture.svg.on('pointerleave', () => picture.hover(-1));
    if (hidden.size > 0) picture.hide(hiddenLines());
    restyle();
  };

  const drawPicture = (view: SpectrumView, labels: readonly LayerLabel[]): Picture => {
    const style = stylesOf(view.series);
    const summary = `${options.title}. ${summariseSpectra(data, settings)}`;
    if (settings.view === 'multiples') return drawMultiples(frame, view, summary, labels, style);
    return drawOverlay(frame.draw(OVERLAY_HEIGHT, summary), view, frame.width(), labels, style);
  };

  const hiddenLines = (): Set<number> =>
    new Set(data.layers.flatMap(({ name }, index) => (hidden.has(name) ? [index] : [])));

  const drawLegend = ({ series, indices }: SpectrumView, labels: readonly LayerLabel[], picture: Picture) => {
    const alone = settings.view === 'multiples';
    const legend = layerLegend({
      series: alone ? [] : series,
      labels: alone ? [] : labels,
      style: stylesOf(series),
      isHidden: (index) => hidden.has(series[index].layer),
      toggle: (index) => {
        const { layer } = series[index];
        if (!hidden.delete(layer)) hidden.add(layer);
        picture.hide(hiddenLines());
      },
    });
    // A panel has no room for the whole words.
    const below = alone
      ? [element('span', { class: 'entry note' }, l10n.t('Below each panel: {0}.', indices[0]))]
      : [];
    fill(frame.legend, [...legend.entries, ...below, note]);
    return legend;
  };

  /** Updates everything that depends on the selected layer. */
  const restyle = (): void => {
    if (!drawn) return;
    const index = data.layers.findIndex(({ name }) => name === selection.current());
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
  addSpectrumControls(
    frame.controls,
    [
      { value: 'overlay', label: l10n.t('overlaid') },
      { value: 'multiples', label: l10n.t('one panel each') },
      { value: 'energy', label: l10n.t('cumulative energy') },
    ],
    settings,
    change,
  );
  addToggle(frame.controls, l10n.t('random baseline'), settings.baseline, (baseline) => change({ baseline }));
  const layers = (): string[] => data.layers.map((layer) => layer.name);
  frame.onKeys(layerKeys(selection, layers, 'horizontal'), () => drawn?.picture.reveal());
  frame.explainAt(
    (x, y) => {
      if (!drawn) return null;
      const index = drawn.picture.at(x, y);
      drawn.picture.hover(index);
      const lines = [
        ...describeValues(drawn.picture.values(x, y), drawn.labels, drawn.view.quantity),
        ...(index < 0 ? [] : [describe(index)]),
      ];
      return lines.length === 0 ? null : lines;
    },
    (x, y) => {
      const index = drawn?.picture.at(x, y) ?? -1;
      if (index >= 0) selection.select(data.layers[index].name);
    },
  );
  const figure = frame.open<Analysis>(
    render,
    (next) => {
      data = next;
    },
    restyle,
  );
  return figure;
};
