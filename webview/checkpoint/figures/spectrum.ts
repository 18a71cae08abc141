import * as l10n from '@vscode/l10n';
import type { Figure, FigureOptions } from '../../figures/frame.ts';
import { formatCount } from '../../series/format.ts';
import { SINGULAR_VALUE_INDEX } from '../../series/spectrumView.ts';
import { type SpectrumCurve, type WeightSpectrumView, weightSpectrumView } from '../series/curves.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import { describeWeightSpectrum, describeWeightValue } from '../series/figureData.ts';
import { weightSpectrumTable } from '../series/tables.ts';
import { openWeightFigure } from './layerFigure.ts';
import { type Plane, planeEntry, SPIKE, sideStyle, stroke } from './plane.ts';

/** Maximum number of distinguishable diamonds on a line. */
const MOST_SPIKES = 200;
/** The line of an estimated distribution is thinner than that of computed values. */
const THIN = 1.1;

const isCompared = ({ sides }: LayerFigureData): boolean => sides.length > 1;

const curveStyle = ({ place, kind }: SpectrumCurve, compared: boolean) => {
  const { measured, shuffled } = sideStyle(place, compared);
  if (kind === 'shuffled') return shuffled;
  return kind === 'distribution' ? { ...measured, width: THIN } : measured;
};

const drawSpikes = (
  { plot, x, y }: Plane,
  { ks, values }: SpectrumCurve,
  count: number,
  colour: string,
): void => {
  for (let index = 0; index < Math.min(count, ks.length, MOST_SPIKES); index++)
    plot
      .append('path')
      .attr('class', 'marker open')
      .attr('d', SPIKE)
      .attr('transform', `translate(${x(ks[index])},${y(values[index])})`)
      .style('stroke', colour);
};

const draw = (plane: Plane, view: WeightSpectrumView, data: LayerFigureData): void => {
  const compared = isCompared(data);
  const { plot, y } = plane;
  for (const { place, value } of view.edges)
    stroke(plot, `M0,${y(value)}H${plane.width}`, sideStyle(place, compared).edge);
  for (const curve of view.curves)
    stroke(plot, plane.path(curve.ks, curve.values), curveStyle(curve, compared));
  for (const { place, value: count } of view.spikes) {
    const curve = view.curves.find((one) => one.place === place && one.kind === 'measured');
    if (curve) drawSpikes(plane, curve, count, sideStyle(place, compared).measured.colour);
  }
};

const legend = (view: WeightSpectrumView, data: LayerFigureData): HTMLElement[] => {
  const compared = isCompared(data);
  const named = (words: string, place: number): string =>
    compared ? l10n.t('{0}: {1}', data.sides[place].name, words) : words;
  const words = {
    measured: l10n.t('singular values'),
    shuffled: l10n.t('of the same weights, shuffled'),
    distribution: l10n.t('estimated distribution of all values'),
  };
  const lines = view.curves.map((curve) =>
    planeEntry(named(words[curve.kind], curve.place), curveStyle(curve, compared)),
  );
  const edges = view.edges.map(({ place }) =>
    planeEntry(named(l10n.t('Marchenko–Pastur edge'), place), sideStyle(place, compared).edge),
  );
  const spikes = view.spikes.map(({ place, value }) => {
    const count =
      value === 1
        ? l10n.t('1 spike beyond the edge')
        : l10n.t('{0} spikes beyond the edge', formatCount(value));
    return planeEntry(named(count, place), 'spike', sideStyle(place, compared).measured.colour);
  });
  return [...lines, ...edges, ...spikes];
};

const measuredCurve = ({ curves }: WeightSpectrumView): SpectrumCurve | undefined =>
  curves.find(({ kind }) => kind === 'measured');

/** Singular values of one weight matrix against their index k, with those of the same weights in random order. */
export const drawWeightSpectrum = (
  container: HTMLElement,
  initial: LayerFigureData,
  options: FigureOptions,
): Figure<LayerFigureData> =>
  openWeightFigure(container, initial, options, {
    settings: { relative: false, logX: true, logY: true, shuffled: !isCompared(initial) },
    toggles: [
      ['relative', l10n.t('relative to the largest')],
      ['logX', l10n.t('log k')],
      ['logY', l10n.t('log values')],
      ['shuffled', l10n.t('shuffled')],
    ],
    view: weightSpectrumView,
    axes: ({ axes, quantity }) => ({ ...axes, x: SINGULAR_VALUE_INDEX, y: quantity, whole: true }),
    draw,
    legend,
    describe: describeWeightSpectrum,
    table: weightSpectrumTable,
    places: (view) => measuredCurve(view)?.values.length ?? 0,
    at: (place, { x, y }, view, data) => {
      const height = Math.max(measuredCurve(view)?.values[place] ?? 0, view.axes.domainY[0]);
      return { point: [x(place + 1), y(height)], words: describeWeightValue(data, place + 1) };
    },
    explain: (value, _, data) => describeWeightValue(data, Math.max(1, Math.round(value))),
  });
