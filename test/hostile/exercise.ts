import { posix } from 'node:path';
import { type ByteSource, openFault } from '../../src/checkpoint/bytes/byteSource.ts';
import { type Checkpoint, elementCount, openCheckpoint } from '../../src/checkpoint/index.ts';
import { layersCsv, summarise } from '../../src/layers/index.ts';
import { oneOf, type Random } from '../corpus/random.ts';
import { formatSpectra } from '../unit/layers/atOnce.ts';
import { checkFault, checkText, ensure } from './contract.ts';

const TENSORS_READ = 4;
/** A tensor that claims to have more is not read, because memory for large tensors is not tested here. */
const MOST_READ = 2 ** 26;

/** Bytes in memory that enforce the reader's contract: only ranges within the file, nothing after the end. */
const strictSource = (bytes: Uint8Array, name: string, open: Set<string>): ByteSource => {
  open.add(name);
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      ensure(open.has(name), `reads ${name} after closing it`);
      ensure(
        Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= bytes.length,
        `reads ${length} bytes from byte ${offset} of the ${bytes.length} of ${name}`,
      );
      return bytes.slice(offset, offset + length);
    },
    close: async () => {
      open.delete(name);
    },
  };
};

const checkRead = async (checkpoint: Checkpoint, name: string): Promise<void> => {
  const entry = checkpoint.tensors.get(name);
  if (entry === undefined) return;
  ensure(entry.name === name, `lists ${JSON.stringify(name)} as ${JSON.stringify(entry.name)}`);
  ensure(Number.isFinite(entry.bytes) && entry.bytes >= 0, `says ${entry.bytes} bytes of ${name}`);
  if (entry.bytes > MOST_READ) return;
  const tensor = await checkpoint.read(name).catch(checkFault);
  if (tensor === undefined) return;
  ensure(entry.unreadable === undefined, `reads ${name}, which it says ${entry.unreadable}`);
  ensure(tensor.data.length === elementCount(tensor.shape), `reads ${tensor.data.length} of ${tensor.shape}`);
  ensure(`${tensor.shape}` === `${entry.shape}`, `reads ${tensor.shape} where it lists ${entry.shape}`);
};

const checkReads = async (checkpoint: Checkpoint, random: Random): Promise<void> => {
  const names = [...checkpoint.tensors.keys()];
  const last = names.slice(-1);
  const some = Array.from({ length: TENSORS_READ - 2 }, () => oneOf(names, random));
  for (const name of new Set([...names.slice(0, 1), ...some, ...last])) await checkRead(checkpoint, name);
};

/** Checks what follows from names, shapes and kinds: the layers, the text for a terminal, the table. */
const checkSummary = async (checkpoint: Checkpoint, random: Random): Promise<void> => {
  const summary = await summarise(checkpoint, oneOf(['reshape', 'slices'] as const, random)).catch(
    checkFault,
  );
  if (summary === undefined) return;
  const { layers, vectors, skipped, parameters } = summary;
  ensure(Number.isFinite(parameters) && parameters >= 0, `counts ${parameters} parameters`);
  for (const { name, matrix } of layers)
    ensure(
      matrix.every((extent) => Number.isSafeInteger(extent) && extent > 0),
      `plans ${matrix.join(' x ')} for ${name}`,
    );
  const listed = layers.length + vectors.length + skipped.length;
  ensure(listed > 0 || checkpoint.tensors.size === 0, 'summarises tensors as nothing');
  for (const line of formatSpectra(summary, [])) checkText(line);
  layersCsv(summary, new Map());
};

/** Opens and reads bytes; throws if the readers violate their contract. Resolves to whether they opened. */
export const exercise = async (
  path: string,
  bytes: Uint8Array,
  siblings: ReadonlyMap<string, Uint8Array>,
  random: Random,
  onSibling: (name: string) => void = () => {},
): Promise<boolean> => {
  const open = new Set<string>();
  const openSibling = async (name: string) => {
    onSibling(name);
    const found = siblings.get(posix.normalize(name));
    if (found === undefined) throw openFault(name, Object.assign(new Error('no file'), { code: 'ENOENT' }));
    return strictSource(found, name, open);
  };
  const source = strictSource(bytes, path, open);
  const checkpoint = await openCheckpoint({ source, openSibling }).catch(checkFault);
  if (checkpoint !== undefined) {
    try {
      await checkReads(checkpoint, random);
      await checkSummary(checkpoint, random);
    } finally {
      await checkpoint.close();
    }
  }
  ensure(open.size === 0, `leaves ${[...open].join(' and ')} open`);
  return checkpoint !== undefined;
};
