import type {
  CheckpointPageState,
  ConvolutionView,
  LayerKind,
  ProfileState,
  WeightMeasure,
} from '../../../src/protocol/messages.ts';
import { KIND_LABELS, WEIGHT_MEASURES } from '../series/words.ts';

const VERSION = 1;

export type KeptState = Omit<CheckpointPageState, 'version'>;

/** The state of a page that was never open before. */
export const START: KeptState = {
  files: [],
  layer: null,
  filter: '',
  kind: null,
  warned: false,
  sort: null,
  grouped: true,
  convolution: 'reshape',
  columns: null,
  profile: { open: true, measure: null, log: null },
};

export const pageState = (kept: KeptState): CheckpointPageState => ({ version: VERSION, ...kept });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isOrder = (value: unknown): value is CheckpointPageState['sort'] =>
  value === null ||
  (isRecord(value) && typeof value.column === 'string' && typeof value.descending === 'boolean');

const isView = (value: unknown): value is ConvolutionView => value === 'reshape' || value === 'slices';

/** A key of a table of words, as far as this version has it. */
const keyOf = <Key extends string>(words: Readonly<Record<Key, unknown>>, value: unknown): Key | null =>
  typeof value === 'string' && Object.hasOwn(words, value) ? (value as Key) : null;

const profileOf = (value: unknown): ProfileState => {
  if (!isRecord(value)) return START.profile;
  return {
    open: value.open !== false,
    measure: keyOf<WeightMeasure>(WEIGHT_MEASURES, value.measure),
    log: typeof value.log === 'boolean' ? value.log : null,
  };
};

/**
 * The state as another session wrote it; null if it has another version or shape and must not be used. What the first
 * pages did not keep (kind, warned, columns, profile) may be missing or unknown: then the usual applies.
 */
export const readPageState = (value: unknown): CheckpointPageState | null => {
  if (!isRecord(value) || value.version !== VERSION) return null;
  const { files, layer, filter, sort, grouped, convolution } = value;
  if (!areTexts(files)) return null;
  if (layer !== null && typeof layer !== 'string') return null;
  if (typeof filter !== 'string' || typeof grouped !== 'boolean') return null;
  if (!isOrder(sort) || !isView(convolution)) return null;
  return pageState({
    files,
    layer,
    filter,
    kind: keyOf<LayerKind>(KIND_LABELS, value.kind),
    warned: value.warned === true,
    sort: sort && { column: sort.column, descending: sort.descending },
    grouped,
    convolution,
    columns: areTexts(value.columns) ? value.columns : null,
    profile: profileOf(value.profile),
  });
};
