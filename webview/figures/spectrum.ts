import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import { describeSpectrum, summariseSpectra } from '../series/describeSpectrum.ts';
import { randomBaseline } from '../series/randomBaseline.ts';
import { spectrumTable } from '../series/spectrumTable.ts';
import { type SpectrumSettings, type SpectrumView, spectrumView } from '../series/spectrumView.ts';
import { baselineEntry } from './baseline.ts';
import { addToggle } from './controls.ts';
import { fill } from './element.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { type LayerLegend, layerLegend } from './layerLegend.ts';
import { css, depthColour, PART_DASH } from './palette.ts';
import { addSpectrumControls } from './spectrumControls.ts';
import { drawMultiples } from './spectrumMultiples.ts';
import { drawOverlay, OVERLAY_HEIGHT } from './spectrumOverlay.ts';
import type { LineStyle, Picture } from './spectrumPanel.ts';

/** Singular values of the representation at every layer, or the view-correlation spectrum, against their index k. */
export const drawSpectrum = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let settings: SpectrumSettings = {
    kind: 'uncentred',
    view: 'overlay',
    relative: true,
    logX: true,
    logY: true,
    baseline: false,
  };
  let drawn: { readonly picture: Picture; readonly legend: LayerLegend } | null = null;
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
    const { series } = view;
    const style = (index: number): LineStyle => ({
      colour: css(depthColour(index / Math.max(1, series.length - 1))),
      dash: PART_DASH[series[index].part],
    });
    const picture = drawPicture(view, style);
    const legend = layerLegend(settings.view === 'multiples' ? [] : series, style, selection);
    drawn = { picture, legend };
    picture.svg.on('pointerleave', () => picture.hover(-1));
    restyle();
  };

  const drawPicture = (view: SpectrumView, style: (index: number) => LineStyle): Picture => {
    const summary = `${options.title}. ${summariseSpectra(data, settings)}`;
    if (settings.view === 'multiples') return drawMultiples(frame, view, summary, style);
    return drawOverlay(frame.draw(OVERLAY_HEIGHT, summary), view, frame.width(), style);
  };

  /** Updates everything that depends on the selected layer. */
  const restyle = (): void => {
    if (!drawn) return;
    const index = data.layers.findIndex(({ name }) => name === selection.current());
    drawn.picture.select(index);
    drawn.legend.select(index);
    fill(frame.legend, [...drawn.legend.entries, ...baselineLegend(index)]);
    frame.announce(index < 0 ? '' : describe(index));
  };

  const baselineLegend = (index: number): HTMLElement[] => {
    const { kind, view, baseline } = settings;
    if (!baseline) return [];
    if (kind === 'view-correlation')
      return [baselineEntry(l10n.t('No random baseline for view correlation.'), false)];
    if (data.layers.every((layer) => randomBaseline(layer, kind) === null))
      return [baselineEntry(l10n.t('No random baseline, because exact moments have no samples.'), false)];
    const law = l10n.t('random baseline (Marchenko–Pastur, same shape and Frobenius norm)');
    if (view === 'multiples') return [baselineEntry(law, true)];
    if (index < 0) return [baselineEntry(l10n.t('Random baseline: highlight a layer to see it.'), false)];
    const { name } = data.layers[index];
    return randomBaseline(data.layers[index], kind) === null
      ? [baselineEntry(l10n.t('No random baseline at {0}.', name), false)]
      : [
          baselineEntry(
            l10n.t('random baseline of {0} (Marchenko–Pastur, same shape and Frobenius norm)', name),
            true,
          ),
        ];
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
      const index = drawn?.picture.at(x, y) ?? -1;
      drawn?.picture.hover(index);
      return index < 0 ? null : [describe(index)];
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
