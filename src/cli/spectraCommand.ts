import { setFlagsFromString } from 'node:v8';
import { measureEach, openSpectrumPool, SpectraDocument, summarise } from '../layers/index.ts';
import {
  type CheckpointSummary,
  type ConvolutionView,
  inputFault,
  matchesGlob,
  shown,
  type WeightLayer,
} from '../protocol/index.ts';
import type { Common } from './options.ts';
import { SpectraText } from './spectraText.ts';
import { print, withProgressOfReading } from './terminal.ts';

export interface SpectraOptions extends Common {
  readonly layers?: readonly string[];
  readonly conv: ConvolutionView;
  readonly approx?: boolean;
}

const EXAMPLES = 5;

/**
 * Limits the growth of a heap before garbage collection. V8 lets it grow to several times the used memory, and there
 * are as many heaps as threads; hundreds of thousands of results, each soon printed as text, would fill them all.
 */
const HEAP_GROWTH = '--heap-growing-percent=30';

const chosen = (summary: CheckpointSummary, patterns: readonly string[] | undefined): WeightLayer[] => {
  const { layers, file } = summary;
  if (patterns === undefined) return [...layers];
  const found = layers.filter(({ name }) => patterns.some((pattern) => matchesGlob(pattern, name)));
  if (found.length > 0) return found;
  const some = layers.slice(0, EXAMPLES).map(({ name }) => shown(name));
  const remedy =
    some.length === 0
      ? 'It has no layers'
      : `It has ${some.join(', ')}${layers.length > EXAMPLES ? ` and ${layers.length - EXAMPLES} more` : ''}`;
  throw inputFault(`no layer matches ${shown(patterns.join(','))}`, file, remedy);
};

export async function spectraCommand(
  file: string,
  { json, layers: patterns, conv: convolution, approx }: SpectraOptions,
): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  // Only the printed form of a layer is kept.
  const document = new SpectraDocument();
  const text = new SpectraText();
  const take = json ? document.add.bind(document) : text.add.bind(text);
  const { summary, values } = await withProgressOfReading(json, async (onProgress, cancelled) => {
    const pool = openSpectrumPool();
    try {
      const summary = await pool.use(file, (checkpoint) => summarise(checkpoint, convolution));
      cancelled.throwIfAborted();
      const { version } = summary;
      const question = { file, version, convolution, method: approx ? 'estimate' : 'exact' } as const;
      await measureEach(pool, chosen(summary, patterns), question, { onProgress, cancelled, take });
      // If layers are named, only these are measured.
      const values =
        patterns === undefined ? await pool.values({ file, version, convolution }, cancelled) : [];
      return { summary, values };
    } finally {
      await pool.close();
    }
  });
  await print(
    json,
    () => document.complete(summary, values),
    () => text.lines(summary, values),
  );
}
