import { recommendAll } from '../choose/index.ts';
import { inspectFile } from '../inspect/index.ts';
import { inputFault } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { type FileQuestion, inspectionFileFor, kindOfJson } from '../sources/index.ts';
import { commandLine, versions } from '../train/index.ts';
import { describeAnalysis } from './analysisText.ts';
import type { Computing } from './options.ts';
import { print, say, withProgress } from './terminal.ts';

/** What an inspection of a file is asked with. */
interface FileOptions extends Computing {
  readonly out?: string;
  /** Of a model: what it is run on. */
  readonly data?: string;
  /** Of a model of text. */
  readonly tokenizer?: string;
}

/**
 * Inspects what an inspection file names; or a recording, or a model with data, as the file beside it says. Without such a file, it
 * is written first, with everything that is assumed.
 */
export async function inspectPath(path: string, options: FileOptions): Promise<void> {
  const { json, out, threads } = options;
  const sayAssumed = (lines: readonly string[]): void => {
    if (!json) for (const line of lines) say(`Assumed: ${line}`);
  };
  // A JSON file may also be a recording of NeuroX, or a model of TensorFlow.js.
  const isOther =
    path.endsWith('.json') && options.data === undefined && (await kindOfJson(path)) === 'other';
  const isFile = path.endsWith('.inspection.json') || isOther;
  if (isFile && options.data !== undefined) {
    throw inputFault('names its data itself', path, 'Edit it, or leave --data out');
  }
  const { file, isNew } = isFile ? { file: path, isNew: false } : await findFile(path, options, sayAssumed);
  const backend = await openBackend(options.backend, { threads });
  const { analysis, folder } = await withProgress(json, (onProgress, signal) =>
    inspectFile({
      file,
      out,
      backend,
      threads,
      made: { versions: versions(), command: commandLine(['pentimento', ...process.argv.slice(2)]) },
      recommend: recommendAll,
      // A new file was just written with what is assumed.
      ...(isNew ? {} : { onAssumed: sayAssumed }),
      onProgress,
      signal,
    }),
  );
  await print(
    json,
    () => analysis,
    () => [...describeAnalysis(analysis), `Results: ${folder}`],
  );
}

const findFile = async (
  path: string,
  { json, data, tokenizer, threads }: FileQuestion & Pick<FileOptions, 'json'>,
  sayAssumed: (lines: readonly string[]) => void,
): Promise<{ readonly file: string; readonly isNew: boolean }> => {
  const { file, written } = await inspectionFileFor(path, { data, tokenizer, threads });
  if (written === null) {
    if (!json) say(`As ${file} says`);
    return { file, isNew: false };
  }
  sayAssumed(written.assumed);
  if (!json)
    say(`Wrote ${file}: the layers, tasks and probes that are assumed. Edit it to ask something else`);
  return { file, isNew: true };
};
