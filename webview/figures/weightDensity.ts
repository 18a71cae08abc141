import * as l10n from '@vscode/l10n';
import { formatCount } from '../series/format.ts';
import { type DensityView, densityView, fitAt, type Steps } from '../series/weightDensity.ts';
import { describeDensity } from '../series/weightDescribe.ts';
import type { LayerFigureData } from '../series/weightFigure.ts';
import { densityTable } from '../series/weightTables.ts';
import { formatMeasure } from '../series/weightWords.ts';
import { addToggle } from './controls.ts';
import { element } from './element.ts';
import { type Figure, type FigureOptions, openFrame } from './frame.ts';
import { noSpectrumReason } from './weightNothing.ts';
import { drawPlane, drawRing, PLANE_HEIGHT, type Plane, planeEntry, SPIKE, stroke } from './weightPlane.ts';
import { sideStyle } from './weightStyle.ts';

/** The outline of a density of steps, down to the axis where a step is empty. */
export const stepsPath = ({ edges, heights }: Steps, { x, y, height }: Plane, least: number): string => {
  const level = (value: number): string => (value > 0 && value >= least ? y(value) : height).toFixed(1);
  const steps = heights.map((value, index) => {
    const [from, to] = [x(edges[index]), x(edges[index + 1])].map((px) => px.toFixed(1));
    return `${index === 0 ? `M${from},${height}` : ''}L${from},${level(value)}L${to},${level(value)}`;
  });
  return `${steps.join('')}V${height}`;
};

/** Density of the eigenvalues lambda = sigma^2 of one weight matrix, with the law of its tail and the edge of noise. */
export const drawWeightDensity = (
  container: HTMLElement,
  initial: LayerFigureData,
  options: FigureOptions,
): Figure<LayerFigureData> => {
  let data = initial;
  let settings = { logX: true, logY: true, shuffled: initial.sides.length < 2 };
  /** Bin under the cursor; -1 while no key was pressed. */
  let cursor = -1;
  let ring: (place: readonly [number, number] | null) => void = () => {};
  let drawn: { readonly plane: Plane; readonly view: DensityView } | null = null;
  const frame = openFrame(container, options, () => densityTable(data, settings));

  const draw = (plane: Plane, view: DensityView): void => {
    const compared = data.sides.length > 1;
    const { plot, x } = plane;
    for (const one of view.densities) {
      const style = sideStyle(one.place, compared);
      const path = stepsPath(one, plane, view.domainY[0]);
      if (one.kind === 'measured' && !compared)
        plot.append('path').attr('class', 'band').attr('d', path).style('fill', style.measured.colour);
      stroke(plot, path, one.kind === 'measured' ? { ...style.measured, width: 1.5 } : style.shuffled);
    }
    for (const { place, edge, spikes } of view.bulks) {
      const { edge: style, measured } = sideStyle(place, compared);
      stroke(plot, `M${x(edge)},0V${plane.height}`, style);
      for (const spike of spikes)
        plot
          .append('path')
          .attr('class', 'marker open')
          .attr('d', SPIKE)
          .attr('transform', `translate(${x(spike)},${plane.height - 7 - 12 * place})`)
          .style('stroke', measured.colour);
    }
    for (const fit of view.fits) {
      const points = Array.from({ length: 33 }, (_, index) => fit.from * (fit.to / fit.from) ** (index / 32));
      const heights = points.map((lambda) => fitAt(fit, lambda));
      stroke(plot, plane.path(points, heights), sideStyle(fit.place, compared).fit);
    }
    ring = drawRing(plane);
  };

  const legend = (view: DensityView): HTMLElement[] => {
    const compared = data.sides.length > 1;
    const named = (words: string, place: number): string =>
      compared ? l10n.t('{0}: {1}', data.sides[place].name, words) : words;
    const entries = view.densities.map(({ place, kind }) => {
      const style = sideStyle(place, compared);
      return kind === 'measured'
        ? planeEntry(named(l10n.t('eigenvalues λ = σ²'), place), style.measured)
        : planeEntry(named(l10n.t('of the same weights, shuffled'), place), style.shuffled);
    });
    const fits = view.fits.map(({ place, alpha, from }) =>
      planeEntry(
        named(
          l10n.t('power law, α = {0} from λ = {1}', formatMeasure(alpha, 3), formatMeasure(from, 3)),
          place,
        ),
        sideStyle(place, compared).fit,
      ),
    );
    const bulks = view.bulks.flatMap(({ place, spikes }) => {
      const { edge, measured } = sideStyle(place, compared);
      const line = planeEntry(named(l10n.t('Marchenko–Pastur edge'), place), edge);
      const marks = planeEntry(named(l10n.t('spikes beyond it'), place), 'spike', measured.colour);
      return spikes.length > 0 ? [line, marks] : [line];
    });
    const below =
      view.below > 0
        ? [
            element(
              'span',
              { class: 'entry note' },
              view.below === 1
                ? l10n.t('1 eigenvalue lies left of the axis.')
                : l10n.t('{0} eigenvalues lie left of the axis.', formatCount(view.below)),
            ),
          ]
        : [];
    return [...entries, ...fits, ...bulks, ...below];
  };

  const measured = () => drawn?.view.densities.filter(({ kind }) => kind === 'measured') ?? [];
  /** What each density has in the bin that holds `lambda`. */
  const describeAt = (lambda: number): string[] =>
    measured().flatMap(({ place, edges, heights }) => {
      const bin = heights.findIndex((_, index) => lambda >= edges[index] && lambda <= edges[index + 1]);
      if (bin < 0) return [];
      const words = l10n.t(
        'λ from {0} to {1}: density {2}.',
        formatMeasure(edges[bin], 3),
        formatMeasure(edges[bin + 1], 3),
        formatMeasure(heights[bin], 3),
      );
      return [data.sides.length > 1 ? `${data.sides[place].name}: ${words}` : words];
    });

  const showCursor = (): void => {
    const first = measured()[0];
    if (!drawn || cursor < 0 || !first) {
      ring(null);
      return;
    }
    cursor = Math.min(cursor, first.heights.length - 1);
    const { plane } = drawn;
    const px = (plane.x(first.edges[cursor]) + plane.x(first.edges[cursor + 1])) / 2;
    ring([px, plane.y(first.heights[cursor])]);
    frame.announce(describeAt((first.edges[cursor] + first.edges[cursor + 1]) / 2).join(' '));
  };

  const render = (): void => {
    drawn = null;
    const view = densityView(data, settings);
    if (!view) {
      frame.drawNothing(noSpectrumReason(data));
      return;
    }
    const summary = describeDensity(data);
    const svg = frame.draw(PLANE_HEIGHT, `${options.title}. ${summary}`);
    const plane = drawPlane(svg, frame.width(), view, {
      title: data.layer,
      x: l10n.t('eigenvalue λ = σ²'),
      y: l10n.t('density'),
      whole: false,
    });
    drawn = { plane, view };
    draw(plane, view);
    frame.legend.replaceChildren(...legend(view));
    frame.announce(summary);
    showCursor();
  };

  const change = (changes: Partial<typeof settings>): void => {
    settings = { ...settings, ...changes };
    figure.update(data);
  };
  addToggle(frame.controls, l10n.t('log λ'), settings.logX, (logX) => change({ logX }));
  addToggle(frame.controls, l10n.t('log density'), settings.logY, (logY) => change({ logY }));
  addToggle(frame.controls, l10n.t('shuffled'), settings.shuffled, (shuffled) => change({ shuffled }));
  const move = (to: (from: number) => number) => (): void => {
    cursor = Math.max(0, Math.min((measured()[0]?.heights.length ?? 1) - 1, to(cursor)));
  };
  frame.onKeys(
    {
      ArrowLeft: move((from) => from - 1),
      ArrowRight: move((from) => from + 1),
      Home: move(() => 0),
      End: move(() => Number.MAX_SAFE_INTEGER),
      Escape: () => {
        cursor = -1;
        frame.announce(describeDensity(data));
      },
    },
    showCursor,
  );
  frame.explainAt(
    (x) => {
      const lines = drawn ? describeAt(drawn.plane.valueAt(x)) : [];
      return lines.length > 0 ? lines : null;
    },
    () => {},
  );
  const figure = frame.open<LayerFigureData>(render, (next) => {
    if (next.layer !== data.layer) cursor = -1;
    data = next;
  });
  return figure;
};
