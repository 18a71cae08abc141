import { inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray, ModelPort } from '../../runtime/index.ts';
import type { RecordedColumn } from '../recording/recordedColumns.ts';
import type { Preprocessing } from './preprocessing.ts';

/** How the input of a model is made from decoded images. */
export interface ImagePreparation {
  readonly port: ModelPort;
  readonly preprocessing: Preprocessing;
  readonly isChannelsFirst: boolean;
  /** Images resized and cut, with what is normalised left as bytes: [samples, height, width, channels]. */
  decoded(begin: number, end: number): Promise<Uint8Array>;
}

/** Samples that a model is given, and what is known of them. */
export interface ModelInputs {
  readonly samples: number;
  readonly sampleNames: readonly string[] | null;
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  readonly split: RecordedColumn | null;
  readonly splitNames: readonly string[] | null;
  /** What the model is given for samples `begin` up to `end`, by the name of its input. */
  batch(begin: number, end: number): Promise<Record<string, ModelArray>>;
  /** How many samples a batch may have at most; null: any number. */
  readonly atOnce: number | null;
  /** The input that is 0 where a token is padding. */
  readonly mask: string | null;
  /** Of images: how the model's only input is made from them. */
  readonly images: ImagePreparation | null;
  /** What was assumed about the data, for people. */
  readonly assumed: readonly string[];
  close(): Promise<void>;
}

/** The only input of a model that is not a mask or the like. @throws Fault (input) for a model with several. */
export const onlyInput = (ports: readonly ModelPort[], path: string): ModelPort => {
  if (ports.length === 1) return ports[0];
  throw inputFault(
    `takes ${ports.length} inputs: ${ports.map(({ name }) => shown(name)).join(', ')}`,
    path,
    'Give it arrays by the names of its inputs: an .npz file',
  );
};
