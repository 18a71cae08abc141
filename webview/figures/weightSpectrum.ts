import * as l10n from '@vscode/l10n';
import { formatCount } from '../series/format.ts';
import { type SpectrumCurve, type WeightSpectrumView, weightSpectrumView } from '../series/weightCurves.ts';
import { describeWeightSpectrum, describeWeightValue } from '../series/weightDescribe.ts';
import { type LayerFigureData, placedSpectra } from '../series/weightFigure.ts';
import { weightSpectrumTable } from '../series/weightTables.ts';
import { addToggle } from './controls.ts';
import { type Figure, type FigureOptions, openFrame } from './frame.ts';
import { noSpectrumReason } from './weightNothing.ts';
import { drawPlane, drawRing, PLANE_HEIGHT, type Plane, planeEntry, SPIKE, stroke } from './weightPlane.ts';
import { sideStyle } from './weightStyle.ts';

/** Diamonds that are told apart on a line. */
const MOST_SPIKES = 200;

/** Singular values of one weight matrix against their index k, with what they would be for the same weights in no order. */
export const drawWeightSpectrum = (
  container: HTMLElement,
  initial: LayerFigureData,
  options: FigureOptions,
): Figure<LayerFigureData> => {
  let data = initial;
  let settings = { relative: false, logX: true, logY: true, shuffled: initial.sides.length < 2 };
  /** Place among the values; -1 while no key was pressed. */
  let cursor = -1;
  let ring: (place: readonly [number, number] | null) => void = () => {};
  let drawn: { readonly plane: Plane; readonly view: WeightSpectrumView } | null = null;
  const frame = openFrame(container, options, () => weightSpectrumTable(data));
  const values = (): readonly number[] => placedSpectra(data)[0]?.spectrum.singularValues ?? [];

  const draw = (plane: Plane, view: WeightSpectrumView): void => {
    const compared = data.sides.length > 1;
    const { plot, y } = plane;
    for (const { place, value } of view.edges)
      stroke(plot, `M0,${y(value)}H${plane.width}`, sideStyle(place, compared).edge);
    for (const curve of view.curves) {
      const { measured, shuffled } = sideStyle(curve.place, compared);
      const style =
        curve.kind === 'shuffled'
          ? shuffled
          : curve.kind === 'distribution'
            ? { ...measured, width: 1.1 }
            : measured;
      stroke(plot, plane.path(curve.ks, curve.values), style);
    }
    for (const { place, value: count } of view.spikes) {
      const curve = view.curves.find((one) => one.place === place && one.kind === 'measured');
      if (curve) drawSpikes(plane, curve, Math.min(count, MOST_SPIKES), place, compared);
    }
    ring = drawRing(plane);
  };

  const drawSpikes = (
    { plot, x, y }: Plane,
    { ks, values: points }: SpectrumCurve,
    count: number,
    place: number,
    compared: boolean,
  ): void => {
    for (let index = 0; index < Math.min(count, ks.length); index++)
      plot
        .append('path')
        .attr('class', 'marker open')
        .attr('d', SPIKE)
        .attr('transform', `translate(${x(ks[index])},${y(points[index])})`)
        .style('stroke', sideStyle(place, compared).measured.colour);
  };

  const legend = (view: WeightSpectrumView): HTMLElement[] => {
    const compared = data.sides.length > 1;
    const named = (words: string, place: number): string =>
      compared ? l10n.t('{0}: {1}', data.sides[place].name, words) : words;
    const words = {
      measured: l10n.t('singular values'),
      shuffled: l10n.t('of the same weights, shuffled'),
      distribution: l10n.t('estimated distribution of all values'),
    };
    const lines = view.curves.map(({ place, kind }) => {
      const style = sideStyle(place, compared);
      const thin = { ...style.measured, width: 1.1 };
      const line = kind === 'shuffled' ? style.shuffled : kind === 'measured' ? style.measured : thin;
      return planeEntry(named(words[kind], place), line);
    });
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

  const showCursor = (): void => {
    const found = values();
    if (!drawn || cursor < 0 || found.length === 0) {
      ring(null);
      return;
    }
    cursor = Math.min(cursor, found.length - 1);
    const curve = drawn.view.curves.find(({ kind }) => kind === 'measured');
    if (!curve) return;
    const height = Math.max(curve.values[cursor], drawn.view.axes.domainY[0]);
    ring([drawn.plane.x(cursor + 1), drawn.plane.y(height)]);
    frame.announce(describeWeightValue(data, cursor + 1).join(' '));
  };

  const render = (): void => {
    drawn = null;
    const view = weightSpectrumView(data, settings);
    if (!view) {
      frame.drawNothing(noSpectrumReason(data));
      return;
    }
    const summary = describeWeightSpectrum(data);
    const svg = frame.draw(PLANE_HEIGHT, `${options.title}. ${summary}`);
    const plane = drawPlane(svg, frame.width(), view.axes, {
      title: data.layer,
      x: 'k',
      y: view.quantity,
      whole: true,
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
  const { controls } = frame;
  addToggle(controls, l10n.t('relative to the largest'), settings.relative, (relative) =>
    change({ relative }),
  );
  addToggle(controls, l10n.t('log k'), settings.logX, (logX) => change({ logX }));
  addToggle(controls, l10n.t('log values'), settings.logY, (logY) => change({ logY }));
  addToggle(controls, l10n.t('shuffled'), settings.shuffled, (shuffled) => change({ shuffled }));
  const move = (to: (from: number) => number) => (): void => {
    cursor = Math.max(0, Math.min(values().length - 1, to(cursor)));
  };
  frame.onKeys(
    {
      ArrowLeft: move((from) => from - 1),
      ArrowRight: move((from) => from + 1),
      PageUp: move((from) => from - 10),
      PageDown: move((from) => from + 10),
      Home: move(() => 0),
      End: move(() => Number.MAX_SAFE_INTEGER),
      Escape: () => {
        cursor = -1;
        frame.announce(describeWeightSpectrum(data));
      },
    },
    showCursor,
  );
  frame.explainAt(
    (x) => (drawn ? describeWeightValue(data, Math.max(1, Math.round(drawn.plane.valueAt(x)))) : null),
    () => {},
  );
  const figure = frame.open<LayerFigureData>(render, (next) => {
    if (next.layer !== data.layer) cursor = -1;
    data = next;
  });
  return figure;
};
