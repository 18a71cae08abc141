import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import {
  type Checkpoint,
  encodeSafetensors,
  openSafetensors,
  type StoredTensor,
} from '../checkpoint/index.ts';
import { type Lock, writeAtomically } from '../disk/index.ts';
import { Fault, type LayerAnalysis, UNFINISHED_DOCUMENT } from '../protocol/index.ts';
import { readDocument, writeDocument } from './documentFile.ts';

const stateSchema = z.strictObject({
  samples: z.int().nonnegative(),
  digests: z.array(z.string()),
  unusual: z.array(z.tuple([z.string(), z.string(), z.int().nonnegative(), z.int().positive()]).readonly()),
});

/** Sums over the samples of a layer. */
interface Moments {
  readonly samples: number;
  /** [dimensions] */
  readonly point: Float64Array;
  readonly sum: Float64Array;
  /** [dimensions, dimensions] */
  readonly gram: Float64Array;
}

/** How far the reading of the samples has come, and by layer what was summed up. */
interface Examined {
  readonly state: z.output<typeof stateSchema>;
  readonly moments: ReadonlyMap<string, Moments>;
}

/** Milliseconds of work that may be lost. What is found sooner is not kept, so that short inspections write nothing more. */
const LOST_AT_MOST = 5000;

/**
 * What an inspection has found before it was ended, beside its results:
 *
 *     unfinished.safetensors   how far the samples were read, and the moments of every layer
 *     unfinished.json          the layers that were measured
 *
 * Files that are damaged, or are about something else, are as good as none.
 */
export class UnfinishedInspection {
  #kept = performance.now();

  /** @param key identifies what is asked, and with what. */
  constructor(
    private readonly folder: string,
    private readonly key: string,
    private readonly lock: Lock,
  ) {}

  isDue(): boolean {
    return performance.now() - this.#kept >= LOST_AT_MOST;
  }

  async examined(stamp: string): Promise<Examined | null> {
    return orNothing(async () => {
      const file = await openSafetensors(this.#momentsPath);
      try {
        const { metadata } = file;
        if (metadata.get('key') !== this.key || metadata.get('stamp') !== stamp) return null;
        const state = stateSchema.parse(JSON.parse(metadata.get('state') ?? ''));
        return { state, moments: await momentsIn(file) };
      } finally {
        await file.close();
      }
    });
  }

  async keepExamined(stamp: string, { state, moments }: Examined): Promise<void> {
    await this.lock.check();
    const tensors = new Map<string, StoredTensor>();
    for (const [layer, { samples, point, sum, gram }] of moments) {
      const size = point.length;
      tensors.set(`samples/${layer}`, { dtype: 'float64', shape: [1], data: Float64Array.of(samples) });
      tensors.set(`point/${layer}`, { dtype: 'float64', shape: [size], data: point });
      tensors.set(`sum/${layer}`, { dtype: 'float64', shape: [size], data: sum });
      tensors.set(`gram/${layer}`, { dtype: 'float64', shape: [size, size], data: gram });
    }
    const metadata = { key: this.key, stamp, state: JSON.stringify(state) };
    await writeAtomically(this.#momentsPath, encodeSafetensors(tensors, metadata));
    this.#kept = performance.now();
  }

  async layers(dataHash: string): Promise<readonly LayerAnalysis[]> {
    const found = await orNothing(() => readDocument(UNFINISHED_DOCUMENT, this.#layersPath));
    return found?.key === this.key && found.dataHash === dataHash ? found.layers : [];
  }

  async keepLayers(dataHash: string, layers: readonly LayerAnalysis[]): Promise<void> {
    await this.lock.check();
    const document = { version: 1 as const, key: this.key, dataHash, layers: [...layers] };
    await writeDocument(UNFINISHED_DOCUMENT, this.#layersPath, document);
    this.#kept = performance.now();
  }

  /** Once the inspection is finished. */
  async remove(): Promise<void> {
    for (const path of [this.#momentsPath, this.#layersPath]) await rm(path, { force: true });
  }

  get #momentsPath(): string {
    return join(this.folder, 'unfinished.safetensors');
  }

  get #layersPath(): string {
    return join(this.folder, 'unfinished.json');
  }
}

/** Null for what cannot be read: there is none, or it is damaged. */
const orNothing = async <T>(read: () => Promise<T>): Promise<T | null> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault || error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
};

const momentsIn = async (file: Checkpoint): Promise<Map<string, Moments>> => {
  const found = new Map<string, Moments>();
  const numbers = async (name: string): Promise<Float64Array> =>
    Float64Array.from((await file.read(name)).data);
  for (const name of file.tensors.keys()) {
    if (!name.startsWith('point/')) continue;
    const layer = name.slice('point/'.length);
    const [[samples], point, sum, gram] = [
      await numbers(`samples/${layer}`),
      await numbers(name),
      await numbers(`sum/${layer}`),
      await numbers(`gram/${layer}`),
    ];
    found.set(layer, { samples, point, sum, gram });
  }
  return found;
};
