import * as l10n from '@vscode/l10n';
import { element } from '../../figures/element.ts';
import type { Figure, FigureOptions } from '../../figures/frame.ts';
import type { Steps } from '../../series/densitySteps.ts';
import { formatCount } from '../../series/format.ts';
import { fitAt } from '../../series/tailFit.ts';
import { type DensityView, densityView } from '../series/density.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import { describeDensity } from '../series/figureData.ts';
import { densityTable } from '../series/tables.ts';
import { formatMeasure } from '../series/words.ts';
import { openWeightFigure } from './layerFigure.ts';
import { type Plane, planeEntry, SPIKE, sideStyle, stroke } from './plane.ts';

/** Points of the line of a power law. */
const FIT_POINTS = 33;

const isCompared = ({ sides }: LayerFigureData): boolean => sides.length > 1;

/** The outline of a step density, down to the axis for empty steps. */
const stepsPath = ({ edges, heights }: Steps, { x, y, height }: Plane, least: number): string => {
  const level = (value: number): string => (value > 0 && value >= least ? y(value) : height).toFixed(1);
  const steps = heights.map((value, index) => {
    const [from, to] = [x(edges[index]), x(edges[index + 1])].map((px) => px.toFixed(1));
    return `${index === 0 ? `M${from},${height}` : ''}L${from},${level(value)}L${to},${level(value)}`;
  });
  return `${steps.join('')}V${height}`;
};

const drawSpikes = ({ plot, x, height }: Plane, spikes: readonly number[], place: number, colour: string) => {
  for (const spike of spikes)
    plot
      .append('path')
      .attr('class', 'marker open')
      .attr('d', SPIKE)
      .attr('transform', `translate(${x(spike)},${height - 7 - 12 * place})`)
      .style('stroke', colour);
};

const draw = (plane: Plane, view: DensityView, data: LayerFigureData): void => {
  const compared = isCompared(data);
  const { plot, x } = plane;
  for (const one of view.densities) {
    const style = sideStyle(one.place, compared);
    const path = stepsPath(one, plane, view.domainY[0]);
    if (one.kind === 'measured' && !compared)
      plot.append('path').attr('class', 'band').attr('d', path).style('fill', style.measured.colour);
    stroke(plot, path, one.kind === 'measured' ? { ...style.measured, width: 1.5 } : style.shuffled);
  }
  for (const { place, edge, spikes } of view.bulks) {
    const style = sideStyle(place, compared);
    stroke(plot, `M${x(edge)},0V${plane.height}`, style.edge);
    drawSpikes(plane, spikes, place, style.measured.colour);
  }
  for (const fit of view.fits) {
    const points = Array.from(
      { length: FIT_POINTS },
      (_, index) => fit.from * (fit.to / fit.from) ** (index / (FIT_POINTS - 1)),
    );
    const heights = points.map((lambda) => fitAt(fit, lambda));
    stroke(plot, plane.path(points, heights), sideStyle(fit.place, compared).fit);
  }
};

const legend = (view: DensityView, data: LayerFigureData): HTMLElement[] => {
  const compared = isCompared(data);
  const named = (words: string, place: number): string =>
    compared ? l10n.t('{0}: {1}', data.sides[place].name, words) : words;
  const entries = view.densities.map(({ place, kind }) => {
    const style = sideStyle(place, compared);
    return kind === 'measured'
      ? planeEntry(named(l10n.t('eigenvalues λ = σ²'), place), style.measured)
      : planeEntry(named(l10n.t('of the same weights, shuffled'), place), style.shuffled);
  });
  const fits = view.fits.map(({ place, alpha, from }) => {
    const words = l10n.t('power law, α = {0} from λ = {1}', formatMeasure(alpha, 3), formatMeasure(from, 3));
    return planeEntry(named(words, place), sideStyle(place, compared).fit);
  });
  const bulks = view.bulks.flatMap(({ place, spikes }) => {
    const { edge, measured } = sideStyle(place, compared);
    const line = planeEntry(named(l10n.t('Marchenko–Pastur edge'), place), edge);
    const marks = planeEntry(named(l10n.t('spikes beyond it'), place), 'spike', measured.colour);
    return spikes.length > 0 ? [line, marks] : [line];
  });
  const below =
    view.below === 1
      ? l10n.t('1 eigenvalue is below the range of the axis.')
      : l10n.t('{0} eigenvalues are below the range of the axis.', formatCount(view.below));
  const note = view.below > 0 ? [element('span', { class: 'entry note' }, below)] : [];
  return [...entries, ...fits, ...bulks, ...note];
};

const measuredOf = ({ densities }: DensityView) => densities.filter(({ kind }) => kind === 'measured');

/** The values of each density in the bin that contains `lambda`. */
const describeAt = (lambda: number, view: DensityView, data: LayerFigureData): string[] =>
  measuredOf(view).flatMap(({ place, edges, heights }) => {
    const bin = heights.findIndex((_, index) => lambda >= edges[index] && lambda <= edges[index + 1]);
    if (bin < 0) return [];
    const words = l10n.t(
      'λ from {0} to {1}: density {2}.',
      formatMeasure(edges[bin], 3),
      formatMeasure(edges[bin + 1], 3),
      formatMeasure(heights[bin], 3),
    );
    return [isCompared(data) ? `${data.sides[place].name}: ${words}` : words];
  });

/**
 * Density of the eigenvalues lambda = sigma^2 of one weight matrix, with the power law of its tail and the
 * edge of noise.
 */
export const drawWeightDensity = (
  container: HTMLElement,
  initial: LayerFigureData,
  options: FigureOptions,
): Figure<LayerFigureData> =>
  openWeightFigure(container, initial, options, {
    settings: { logX: true, logY: true, shuffled: !isCompared(initial) },
    toggles: [
      ['logX', l10n.t('log λ')],
      ['logY', l10n.t('log density')],
      ['shuffled', l10n.t('shuffled')],
    ],
    view: densityView,
    axes: (view) => ({ ...view, x: [l10n.t('eigenvalue λ = σ²')], y: l10n.t('density'), whole: false }),
    draw,
    legend,
    describe: describeDensity,
    table: densityTable,
    places: (view) => measuredOf(view)[0]?.heights.length ?? 0,
    at: (bin, { x, y }, view, data) => {
      const { edges, heights } = measuredOf(view)[0];
      const middle = (edges[bin] + edges[bin + 1]) / 2;
      const point = [(x(edges[bin]) + x(edges[bin + 1])) / 2, y(heights[bin])] as const;
      return { point, words: describeAt(middle, view, data) };
    },
    explain: describeAt,
  });
