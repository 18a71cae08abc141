import type { CheckpointPageState, ConvolutionView } from '../../../src/protocol/index.ts';

const VERSION = 1;

export type KeptState = Omit<CheckpointPageState, 'version'>;

export const pageState = (kept: KeptState): CheckpointPageState => ({ version: VERSION, ...kept });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isOrder = (value: unknown): value is CheckpointPageState['sort'] =>
  value === null ||
  (isRecord(value) && typeof value.column === 'string' && typeof value.descending === 'boolean');

const isView = (value: unknown): value is ConvolutionView => value === 'reshape' || value === 'slices';

/** The state as another session wrote it; null if it has another version or shape and must not be used. */
export const readPageState = (value: unknown): CheckpointPageState | null => {
  if (!isRecord(value) || value.version !== VERSION) return null;
  const { files, layer, filter, sort, grouped, convolution } = value;
  if (!Array.isArray(files) || !files.every((file) => typeof file === 'string')) return null;
  if (layer !== null && typeof layer !== 'string') return null;
  if (typeof filter !== 'string' || typeof grouped !== 'boolean') return null;
  if (!isOrder(sort) || !isView(convolution)) return null;
  const order = sort && { column: sort.column, descending: sort.descending };
  return pageState({ files, layer, filter, sort: order, grouped, convolution });
};
