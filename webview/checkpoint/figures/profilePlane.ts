import * as l10n from '@vscode/l10n';
import { scaleLinear, scaleLog } from 'd3';
import { drawBottomAxis, drawLeftAxis, numberTicks } from '../../figures/axis.ts';
import type { Drawing, Group } from '../../figures/frame.ts';
import type { Point, ProfileData, ProfileView } from '../series/depthProfile.ts';
import { OVER_TRAINED, UNDER_TRAINED } from '../series/warnings.ts';
import { formatMeasure, WEIGHT_MEASURES } from '../series/words.ts';
import { drawMarkers, gapEntry, gapsPath, kindEntry, sideEntry } from './markers.ts';
import { drawRing, planeEntry, stroke } from './plane.ts';

/** Px; low enough for the table below to be in sight. */
export const PROFILE_HEIGHT = 220;
export const MARGIN = { left: 58, right: 14, top: 24, bottom: 38 };
/** Px under the values for the layers without one, and beside the first and last marker. */
const [GAPS, SIDE] = [16, 8];
/** Area of a marker in square px, where there are few and where there are many. */
const [LARGE, SMALL, MANY] = [44, 16, 1500];
/** Intervals of more layers than this would hide the markers. */
const MOST_WHISKERS = 400;
const GUIDE = { colour: 'var(--pentimento-muted)', dash: '5 4', width: 1 };
const PAIR = { colour: 'var(--pentimento-muted)', dash: '', width: 1 };

/** The axes, and the place of each mark of the view on them. */
interface ProfilePlane {
  readonly plot: Group;
  readonly width: number;
  readonly height: number;
  /** Of each mark, in px inside the plot. */
  readonly points: readonly Point[];
  y(value: number): number;
}

const drawAxes = (svg: Drawing, width: number, view: ProfileView, quantity: string): ProfilePlane => {
  const [inner, height] = [width - MARGIN.left - MARGIN.right, PROFILE_HEIGHT - MARGIN.top - MARGIN.bottom];
  const [first, last] = view.domainX;
  const domainX: readonly [number, number] = first === last ? [first - 1, last + 1] : [first, last];
  const x = scaleLinear(domainX, [SIDE, inner - SIDE]);
  const domainY = view.domainY ?? [1, 10];
  const y = (view.log ? scaleLog() : scaleLinear()).domain(domainY).range([height - GAPS, 0]);
  const plot = svg.append('g').attr('transform', `translate(${MARGIN.left},${MARGIN.top})`);
  const ticksY = view.domainY === null ? [] : numberTicks(view.log ? 'log' : 'linear', domainY, y, 4);
  const ticksX = numberTicks('linear', domainX, x, Math.max(2, Math.min(10, Math.floor(inner / 80))));
  drawLeftAxis(plot, ticksY, inner, quantity);
  drawBottomAxis(
    plot,
    ticksX.filter(({ label }) => !label.includes('.')),
    inner,
    height,
    l10n.t('layer, in the order of the file'),
  );
  const points = view.marks.map(
    ({ depth, value }): Point => [x(depth), value === null ? height - GAPS / 2 : y(value)],
  );
  return { plot, width: inner, height, points, y };
};

/** The bounds of WeightWatcher, where they are in the range of the axis. */
const guidesOf = ({ domainY }: ProfileView, { measure }: ProfileData): number[] =>
  measure !== 'alpha' || domainY === null
    ? []
    : [OVER_TRAINED, UNDER_TRAINED].filter((value) => value > domainY[0] && value < domainY[1]);

/** Lines from the value of one checkpoint to that of the other. */
const pairsPath = ({ marks }: ProfileView, { points }: ProfilePlane): string =>
  marks
    .flatMap(({ index, value }, at) => {
      const other = marks[at + 1];
      if (other?.index !== index || value === null || other.value === null) return [];
      return [`M${points[at][0].toFixed(1)},${points[at][1].toFixed(1)}V${points[at + 1][1].toFixed(1)}`];
    })
    .join('');

const whiskersPath = ({ marks, domainY }: ProfileView, { points, y }: ProfilePlane): string => {
  const within = (value: number): number =>
    domainY === null ? value : Math.max(domainY[0], Math.min(domainY[1], value));
  return marks
    .flatMap(({ value, error }, at) =>
      value === null || error === null
        ? []
        : [
            `M${points[at][0].toFixed(1)},${y(within(value - error)).toFixed(1)}V${y(within(value + error)).toFixed(1)}`,
          ],
    )
    .join('');
};

const drawMarks = (plane: ProfilePlane, view: ProfileView, data: ProfileData): void => {
  const { plot, points, width, y } = plane;
  const { marks, kinds } = view;
  for (const value of guidesOf(view, data)) stroke(plot, `M0,${y(value)}H${width}`, GUIDE);
  stroke(plot, pairsPath(view, plane), PAIR);
  if (marks.length <= MOST_WHISKERS)
    plot.append('path').attr('class', 'whisker faint').attr('d', whiskersPath(view, plane));
  const size = marks.length > MANY ? SMALL : LARGE;
  for (const place of data.names.keys())
    for (const kind of kinds) {
      const own = points.filter((_, at) => {
        const mark = marks[at];
        return mark.kind === kind && mark.place === place && mark.value !== null;
      });
      drawMarkers(plot, kind, place > 0, size, own);
    }
  for (const waiting of [true, false]) {
    const gaps = points.filter((_, at) => marks[at].value === null && marks[at].waiting === waiting);
    plot
      .append('path')
      .attr('class', waiting ? 'gap waiting' : 'gap')
      .attr('d', gapsPath(waiting, gaps));
  }
};

export const profileLegend = (view: ProfileView, data: ProfileData): HTMLElement[] => {
  const { marks, kinds } = view;
  const has = (waiting: boolean): boolean =>
    marks.some((mark) => mark.value === null && mark.waiting === waiting);
  const guides = guidesOf(view, data).map((value) => `α = ${formatMeasure(value)}`);
  return [
    ...kinds.map(kindEntry),
    ...(data.names.length > 1 ? data.names.map(sideEntry) : []),
    ...(guides.length > 0 ? [planeEntry(guides.join(', '), GUIDE)] : []),
    ...(has(false) ? [gapEntry(l10n.t('no value'), false)] : []),
    ...(has(true) ? [gapEntry(l10n.t('not measured yet'), true)] : []),
  ];
};

/** Marks that move without redrawing the picture: the selected layer, the one under the pointer or the cursor. */
const drawMoving = ({ plot, height, points }: ProfilePlane, { marks }: ProfileView) => {
  const line = plot.append('line').attr('class', 'selected-depth').attr('y1', 0).attr('y2', height);
  const [selected, looked] = [drawRing({ plot }), drawRing({ plot })];
  const pointOf = (index: number): Point | null =>
    points[marks.findIndex((mark) => mark.index === index)] ?? null;
  return {
    select: (index: number): void => {
      const point = pointOf(index);
      selected(point);
      line.attr('visibility', point ? 'visible' : 'hidden');
      if (point) line.attr('x1', point[0]).attr('x2', point[0]);
    },
    look: (index: number): void => looked(pointOf(index)),
  };
};

/** A drawn profile, for the pointer and the keys. */
export interface DrawnProfile {
  readonly view: ProfileView;
  /** Of each mark of the view, in px inside the margins. */
  readonly points: readonly Point[];
  /** Marks the selected layer, by its index; -1 for none. */
  select(index: number): void;
  /** Marks the layer of the pointer or of the keys. */
  look(index: number): void;
}

export const drawProfile = (
  svg: Drawing,
  width: number,
  view: ProfileView,
  data: ProfileData,
): DrawnProfile => {
  const plane = drawAxes(svg, width, view, WEIGHT_MEASURES[data.measure].label);
  drawMarks(plane, view, data);
  return { view, points: plane.points, ...drawMoving(plane, view) };
};
