import * as l10n from '@vscode/l10n';
import type { WeightMeasure } from '../../../src/protocol/messages.ts';
import { addChoice } from '../../figures/controls.ts';
import { fill } from '../../figures/element.ts';
import { type Figure, type FigureOptions, type Frame, openFrame } from '../../figures/frame.ts';
import {
  describeProfile,
  hasLogScale,
  nearestPoint,
  type ProfileData,
  profileTable,
  profileView,
  profileWords,
} from '../series/depthProfile.ts';
import { WEIGHT_MEASURES } from '../series/words.ts';
import { pointKeys } from './layerFigure.ts';
import { type DrawnProfile, drawProfile, MARGIN, PROFILE_HEIGHT, profileLegend } from './profilePlane.ts';

/** What the user does in the figure, which the page carries out. */
export interface ProfileActions {
  /** A layer was clicked, or Enter was pressed on it. */
  onPick(layer: string): void;
  onMeasure(measure: WeightMeasure): void;
  onScale(log: boolean): void;
}

/** How far from a marker the pointer finds it, px. */
const REACH = 30;
const MEASURES = (Object.keys(WEIGHT_MEASURES) as WeightMeasure[]).map((value) => ({
  value,
  label: WEIGHT_MEASURES[value].label as string,
}));
const SCALES = [
  { value: 'linear', label: l10n.t('linear') },
  { value: 'log', label: l10n.t('logarithmic') },
] as const;

/** The layer that the keys move to, by its name: filters change its index. It begins at the selected layer. */
const createCursor = (layers: () => ProfileData['layers'], selected: () => string | null) => {
  let name: string | null = null;
  const indexOf = (layer: string | null): number => layers().findIndex(({ row }) => row.name === layer);
  const move = (to: (from: number) => number): void => {
    const next = Math.max(0, Math.min(layers().length - 1, to(indexOf(name ?? selected()))));
    name = layers()[next]?.row.name ?? null;
  };
  return {
    index: (): number => indexOf(name),
    selected: (): number => indexOf(selected()),
    clear: (): void => {
      name = null;
    },
    keys: pointKeys(move),
  };
};

/** One measure of all layers by their depth; the page carries out clicks, keys and choices. */
const openProfile = (
  container: HTMLElement,
  initial: ProfileData,
  options: FigureOptions,
  { onPick, onMeasure, onScale }: ProfileActions,
): Figure<ProfileData> => {
  let data = initial;
  let drawn: DrawnProfile | null = null;
  let [summary, said] = ['', ''];
  const frame = openFrame(container, options, () => profileTable(data));
  const cursor = createCursor(
    () => data.layers,
    () => options.selection.current(),
  );
  const measures = addChoice(frame.controls, l10n.t('Measure'), MEASURES, onMeasure);
  const scales = addChoice<'linear' | 'log'>(frame.controls, l10n.t('Scale'), SCALES, (scale) =>
    onScale(scale === 'log'),
  );
  const say = (line: string): void => {
    // The same line again would be read out again.
    if (line !== said) frame.announce(line);
    said = line;
  };
  const mark = (): void => drawn?.select(cursor.selected());
  const showCursor = (): void => {
    const index = cursor.index();
    drawn?.look(index);
    say(index >= 0 ? profileWords(index, data).join(' · ') : summary);
  };
  const render = (): void => {
    measures.offer(MEASURES, data.measure);
    scales.offer(hasLogScale(data.measure) ? SCALES : [], data.log ? 'log' : 'linear');
    const view = profileView(data);
    const found = describeProfile(view, data);
    // While layers are measured, the header tells the progress.
    summary = view.marks.some(({ waiting }) => waiting) ? '' : found;
    const svg = frame.draw(PROFILE_HEIGHT, `${options.title}. ${found}`);
    svg.on('pointerleave', () => drawn?.look(cursor.index()));
    drawn = drawProfile(svg, frame.width(), view, data);
    fill(frame.legend, profileLegend(view, data));
    mark();
    showCursor();
  };
  listenToProfile(frame, cursor, { drawn: () => drawn, data: () => data, showCursor, onPick });
  return frame.open<ProfileData>(
    render,
    (next) => {
      data = next;
    },
    mark,
  );
};

interface ProfileInput extends Pick<ProfileActions, 'onPick'> {
  drawn(): DrawnProfile | null;
  data(): ProfileData;
  showCursor(): void;
}

/** Handles the pointer and the keys. */
const listenToProfile = (
  frame: Frame,
  cursor: ReturnType<typeof createCursor>,
  { drawn, data, showCursor, onPick }: ProfileInput,
): void => {
  const layerAt = (x: number, y: number): number => {
    const shown = drawn();
    if (!shown) return -1;
    const at = nearestPoint(shown.points, [x - MARGIN.left, y - MARGIN.top], REACH);
    return shown.view.marks[at]?.index ?? -1;
  };
  const pick = (index: number): void => {
    const layer = data().layers[index];
    if (layer) onPick(layer.row.name);
  };
  frame.explainAt(
    (x, y) => {
      const index = layerAt(x, y);
      drawn()?.look(index < 0 ? cursor.index() : index);
      return index < 0 ? null : profileWords(index, data());
    },
    (x, y) => pick(layerAt(x, y)),
  );
  const pickCursor = (): void => pick(cursor.index());
  const keys = { ...cursor.keys, Enter: pickCursor, ' ': pickCursor, Escape: cursor.clear };
  frame.onKeys(keys, showCursor);
};

export const depthProfileFigure =
  (actions: ProfileActions) =>
  (container: HTMLElement, data: ProfileData, options: FigureOptions): Figure<ProfileData> =>
    openProfile(container, data, options, actions);
