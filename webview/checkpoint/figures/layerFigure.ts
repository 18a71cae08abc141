import { addToggle } from '../../figures/controls.ts';
import { fill } from '../../figures/element.ts';
import { type Figure, type FigureOptions, openFrame } from '../../figures/frame.ts';
import type { Table } from '../../series/table.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import {
  drawPlane,
  drawRing,
  noSpectrumReason,
  PLANE_HEIGHT,
  type Plane,
  type PlaneAxes,
  type PlaneWords,
} from './plane.ts';

/** Points that Page Up and Page Down skip. */
const PAGE = 10;

/** What a figure of one weight matrix draws on a pair of axes, and its texts. */
export interface WeightDrawing<View, Settings extends Readonly<Record<keyof Settings, boolean>>> {
  /** Initial settings. */
  readonly settings: Settings;
  readonly toggles: readonly (readonly [setting: keyof Settings & string, label: string])[];
  view(data: LayerFigureData, settings: Settings): View | null;
  axes(view: View): PlaneAxes & Omit<PlaneWords, 'title'>;
  draw(plane: Plane, view: View, data: LayerFigureData): void;
  legend(view: View, data: LayerFigureData): HTMLElement[];
  describe(data: LayerFigureData): string;
  table(data: LayerFigureData, settings: Settings): Table;
  /** Number of points that the arrow keys step through. */
  places(view: View): number;
  /** Position of one of them in the plot, and what is there. */
  at(
    place: number,
    plane: Plane,
    view: View,
    data: LayerFigureData,
  ): { readonly point: readonly [number, number]; readonly words: readonly string[] };
  /** What is at a value of the horizontal axis. */
  explain(value: number, view: View, data: LayerFigureData): readonly string[];
}

/** Keys that move along the points; `move` gets the next from the current one. */
export const pointKeys = (move: (to: (from: number) => number) => void): Record<string, () => void> => ({
  ArrowLeft: () => move((from) => from - 1),
  ArrowRight: () => move((from) => from + 1),
  PageUp: () => move((from) => from - PAGE),
  PageDown: () => move((from) => from + PAGE),
  Home: () => move(() => 0),
  End: () => move(() => Number.MAX_SAFE_INTEGER),
});

/** Opens a figure of one weight matrix, or of the same one in two checkpoints, with its switches, keys and tooltip. */
export const openWeightFigure = <View, Settings extends Readonly<Record<keyof Settings, boolean>>>(
  container: HTMLElement,
  initial: LayerFigureData,
  options: FigureOptions,
  drawing: WeightDrawing<View, Settings>,
): Figure<LayerFigureData> => {
  let data = initial;
  let { settings } = drawing;
  /** Point of the keyboard cursor; -1 before any key. */
  let cursor = -1;
  let ring: ReturnType<typeof drawRing> = () => {};
  let drawn: { readonly plane: Plane; readonly view: View } | null = null;
  const frame = openFrame(container, options, () => drawing.table(data, settings));

  const showCursor = (): void => {
    const places = drawn === null ? 0 : drawing.places(drawn.view);
    if (!drawn || cursor < 0 || places === 0) {
      ring(null);
      return;
    }
    cursor = Math.min(cursor, places - 1);
    const { point, words } = drawing.at(cursor, drawn.plane, drawn.view, data);
    ring(point);
    frame.announce(words.join(' '));
  };

  const render = (): void => {
    drawn = null;
    const view = drawing.view(data, settings);
    if (!view) {
      frame.drawNothing(noSpectrumReason(data));
      return;
    }
    const summary = drawing.describe(data);
    const svg = frame.draw(PLANE_HEIGHT, `${options.title}. ${summary}`);
    const axes = drawing.axes(view);
    const plane = drawPlane(svg, frame.width(), axes, { title: data.layer, ...axes });
    drawn = { plane, view };
    drawing.draw(plane, view, data);
    ring = drawRing(plane);
    fill(frame.legend, drawing.legend(view, data));
    frame.announce(summary);
    showCursor();
  };

  for (const [setting, label] of drawing.toggles)
    addToggle(frame.controls, label, settings[setting], (on) => {
      settings = { ...settings, [setting]: on };
      figure.update(data);
    });
  const move = (to: (from: number) => number): void => {
    const places = drawn === null ? 1 : drawing.places(drawn.view);
    cursor = Math.max(0, Math.min(places - 1, to(cursor)));
  };
  const leave = (): void => {
    cursor = -1;
    frame.announce(drawing.describe(data));
  };
  frame.onKeys({ ...pointKeys(move), Escape: leave }, showCursor);
  frame.explainAt(
    (x) => {
      const lines = drawn ? drawing.explain(drawn.plane.valueAt(x), drawn.view, data) : [];
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
