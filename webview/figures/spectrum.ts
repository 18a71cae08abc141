import type { Analysis } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from '../series/format.ts';
import {
  cumulativeEnergy,
  normalised,
  type SpectrumKind,
  spectrumOf,
  spectrumSeries,
  spectrumTable,
  valuesForEnergy,
} from '../series/spectra.ts';
import { addChoice, addToggle } from './controls.ts';
import { type Figure, type FigureOptions, type Group, layerKeys, openFrame } from './frame.ts';
import { drawLayerLegend } from './layerLegend.ts';
import { css, depthColour, PART_DASH } from './palette.ts';
import { drawPanel, type LineStyle, type Panel } from './spectrumPanel.ts';

type View = 'overlay' | 'multiples' | 'energy';

/** Below this share of the largest value a log axis ends; the table has what lies below it. */
const LOG_FLOOR = 1e-7;

const describe = (analysis: Analysis, name: string, kind: SpectrumKind): string => {
  const layer = analysis.layers.find((candidate) => candidate.name === name);
  if (!layer) return '';
  const values = spectrumOf(layer, kind);
  if (values.length === 0) return `${name}: no spectrum.`;
  const half = valuesForEnergy(values, 0.9);
  const energy =
    half === null
      ? ''
      : `; ${half === 1 ? 'the first alone holds' : `the first ${half} hold`} 90 % of the energy`;
  const [first, last] = [formatNumber(values[0]), formatNumber(values[values.length - 1])];
  return `${name}: ${formatCount(values.length)} values from ${first} to ${last}${energy} (${formatCount(layer.samples)} samples).`;
};

/** Singular values of the representation at every layer, or the view-correlation spectrum, against their index k. */
export const drawSpectrum = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let kind: SpectrumKind = 'uncentred';
  let view: View = 'overlay';
  let relative = true;
  let [logX, logY] = [true, true];
  const { selection } = options;
  const frame = openFrame(container, options, () => spectrumTable(data, kind));

  const render = (): void => {
    const scaled = relative && kind !== 'view-correlation' && view !== 'energy';
    const transform =
      view === 'energy' ? cumulativeEnergy : scaled ? normalised : (values: readonly number[]) => values;
    const series = spectrumSeries(data, kind, transform);
    const all = series.flatMap(({ values }) => values);
    const largest = all.reduce((most, value) => Math.max(most, value), 0);
    if (largest === 0) {
      frame.drawNothing(
        kind === 'view-correlation'
          ? 'No view correlation was measured: the experiment makes no pairs of views.'
          : 'Every singular value is zero.',
        'keepControls',
      );
      return;
    }
    const smallest = all.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), largest);
    const log = logY && view !== 'energy';
    const floor = Math.max(smallest, largest * LOG_FLOOR) * 0.9;
    const longest = series.reduce((most, { values }) => Math.max(most, values.length), 2);
    const symbol = kind === 'view-correlation' ? 'ρ' : 'σ';
    const quantity = {
      energy: `Σ ${symbol}² up to k / Σ ${symbol}²`,
      scaled: 'σₖ / σ₁',
      plain: `${symbol}ₖ`,
    };
    const current = selection.current();
    const some = series.some(({ layer }) => layer === current);
    const style = (name: string): LineStyle => {
      const index = series.findIndex(({ layer }) => layer === name);
      return {
        colour: css(depthColour(index / Math.max(1, series.length - 1))),
        dash: PART_DASH[series[index].part],
        strong: name === current,
        dim: some && name !== current && view !== 'multiples',
      };
    };
    const columns = view === 'multiples' ? Math.max(1, Math.floor(frame.width() / 230)) : 1;
    const rows = view === 'multiples' ? Math.ceil(series.length / columns) : 1;
    const cell = { width: frame.width() / columns, height: view === 'multiples' ? 190 : 340 };
    const panel: Panel = {
      width: cell.width - 74,
      height: cell.height - (view === 'multiples' ? 84 : 70),
      logX,
      logY: log,
      domainX: [1, longest],
      domainY: [log ? floor : 0, view === 'energy' ? 1 : largest * (log ? 1.1 : 1.02)],
      quantity: view === 'energy' ? quantity.energy : scaled ? quantity.scaled : quantity.plain,
      ticks: view === 'multiples' ? 4 : 7,
    };
    const summary = series.map(({ layer }) => describe(data, layer, kind)).join(' ');
    const svg = frame.draw(rows * cell.height, `${options.title}. ${summary}`);
    const onLine = (target: SVGPathElement, name: string): void => {
      frame.explain(target, () => [describe(data, name, kind)]);
      target.addEventListener('click', () => selection.select(name));
    };
    const place = (index: number): Group =>
      svg
        .append('g')
        .attr(
          'transform',
          `translate(${58 + (index % columns) * cell.width},${(view === 'multiples' ? 44 : 26) + Math.floor(index / columns) * cell.height})`,
        );
    if (view === 'multiples') {
      series.forEach((one, index) => {
        const group = place(index);
        drawPanel(group, { ...panel, quantity: index === 0 ? panel.quantity : '' }, [one], onLine, style);
        const strong = one.layer === current;
        group
          .append('text')
          .attr('class', strong ? 'name selected' : 'name')
          .attr('y', -26)
          .text(one.layer);
      });
    } else {
      // The selected line is drawn last, over the others.
      const ordered = [...series].sort((a, b) => Number(a.layer === current) - Number(b.layer === current));
      drawPanel(place(0), panel, ordered, onLine, style);
    }
    drawLayerLegend(frame.legend, view === 'multiples' ? [] : series, style, selection);
    frame.announce(some && current !== null ? describe(data, current, kind) : '');
  };

  addChoice(
    frame.controls,
    'Spectrum',
    [
      { value: 'uncentred', label: 'singular values' },
      { value: 'centred', label: 'singular values, centred' },
      { value: 'view-correlation', label: 'view correlation' },
    ],
    (value) => {
      kind = value;
      figure.update(data);
    },
  );
  addChoice(
    frame.controls,
    'View',
    [
      { value: 'overlay', label: 'overlaid' },
      { value: 'multiples', label: 'one panel each' },
      { value: 'energy', label: 'cumulative energy' },
    ],
    (value) => {
      view = value;
      render();
    },
  );
  addToggle(frame.controls, 'relative to the largest', relative, (on) => {
    relative = on;
    render();
  });
  addToggle(frame.controls, 'log k', logX, (on) => {
    logX = on;
    render();
  });
  addToggle(frame.controls, 'log values', logY, (on) => {
    logY = on;
    render();
  });
  frame.onKeys(layerKeys(selection, () => data.layers.map((layer) => layer.name), 'horizontal'));
  const figure = frame.open<Analysis>(render, (next) => {
    data = next;
  });
  return figure;
};
