import {
  type Checkpoint,
  encodeSafetensors,
  openSafetensors,
  type StoredTensor,
} from '../checkpoint/index.ts';
import { inputFault } from '../protocol/index.ts';
import type { TensorData } from '../runtime/index.ts';

/** Everything that a run needs to continue as if it had never stopped. */
export interface TrainingState {
  /** Steps done so far. */
  readonly step: number;
  /** Complete epochs so far. */
  readonly epoch: number;
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly optimiser: Readonly<Record<string, TensorData>>;
  /** The losses since the last line of the metrics; omitted when there are none. */
  readonly losses?: { readonly sum: number; readonly count: number };
  /** Batches are functions of these three numbers, so they are the whole random state. */
  readonly random: { readonly seed: number; readonly epoch: number; readonly step: number };
}

const MODEL = 'model/';
const OPTIMISER = 'optimiser/';
const REMEDY = 'Use another state of the run, or train it again';

const withPrefix = (
  prefix: string,
  tensors: Readonly<Record<string, TensorData>>,
): (readonly [string, TensorData])[] =>
  Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor] as const);

/** A safetensors file with the tensors under `model/` and `optimiser/` and the numbers in its metadata. */
export const encodeTrainingState = (state: TrainingState): Uint8Array => {
  const { step, epoch, random, variables, optimiser, losses } = state;
  const tensors = new Map([...withPrefix(MODEL, variables), ...withPrefix(OPTIMISER, optimiser)]);
  return encodeSafetensors(tensors, {
    format: 'pentimento',
    step: String(step),
    epoch: String(epoch),
    'random.seed': String(random.seed),
    'random.epoch': String(random.epoch),
    'random.step': String(random.step),
    // A number's shortest decimal form reads back as the same number.
    ...(losses && { 'losses.sum': String(losses.sum), 'losses.count': String(losses.count) }),
  });
};

const integer = (file: Checkpoint, key: string): number => {
  const text = file.metadata.get(key);
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  const found = text === undefined ? 'is missing' : `is ${JSON.stringify(text)}, not a whole number`;
  throw inputFault(`the metadata '${key}' of the training state ${found}`, file.path, REMEDY);
};

const lossesOf = (file: Checkpoint): TrainingState['losses'] => {
  if (!file.metadata.has('losses.count')) return undefined;
  const sum = Number(file.metadata.get('losses.sum') ?? Number.NaN);
  if (Number.isFinite(sum)) return { sum, count: integer(file, 'losses.count') };
  throw inputFault("the metadata 'losses.sum' of the training state is not a number", file.path, REMEDY);
};

const asTensorData = ({ dtype, shape, data }: StoredTensor, where: string): TensorData => {
  if (dtype === 'float32' || dtype === 'float64' || dtype === 'int32')
    return { dtype, shape, data: data as TensorData['data'] };
  throw inputFault(
    `is stored as ${dtype}, and a training state holds float32, float64 or int32`,
    where,
    REMEDY,
  );
};

const readAll = async (file: Checkpoint, prefix: string): Promise<Record<string, TensorData>> => {
  const tensors: [string, TensorData][] = [];
  for (const name of file.tensors.keys()) {
    if (!name.startsWith(prefix)) continue;
    const where = `${file.path}, tensor ${JSON.stringify(name)}`;
    tensors.push([name.slice(prefix.length), asTensorData(await file.read(name), where)]);
  }
  return Object.fromEntries(tensors);
};

export const readTrainingState = async (path: string): Promise<TrainingState> => {
  const file = await openSafetensors(path);
  try {
    const losses = lossesOf(file);
    return {
      ...(losses && { losses }),
      step: integer(file, 'step'),
      epoch: integer(file, 'epoch'),
      random: {
        seed: integer(file, 'random.seed'),
        epoch: integer(file, 'random.epoch'),
        step: integer(file, 'random.step'),
      },
      variables: await readAll(file, MODEL),
      optimiser: await readAll(file, OPTIMISER),
    };
  } finally {
    await file.close();
  }
};
