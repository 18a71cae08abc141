import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { recommendAll } from '../choose/index.ts';
import { checkTask } from '../data/index.ts';
import { writeAtomically } from '../disk/index.ts';
import { type InspectionSpec, inspectionSchema, loadInspection, located } from '../experiment/index.ts';
import { inspectInto } from '../inspect/index.ts';
import { Fault } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { openRecording } from '../sources/index.ts';
import { InspectionFolder } from '../store/index.ts';
import { commandLine, versions } from '../train/index.ts';
import { describeAnalysis } from './analysisText.ts';
import type { Computing } from './options.ts';
import { print, say, withProgress } from './terminal.ts';

interface RecordingOptions extends Computing {
  readonly out?: string;
}

/** Ends the name of an inspection file. */
const ENDING = '.inspection.json';

/**
 * Inspects what an inspection file names, or a recording as the file beside it says; without such a file, it is written
 * first, with everything that is assumed.
 */
export async function inspectRecording(path: string, options: RecordingOptions): Promise<void> {
  const file = path.endsWith('.json') ? path : await fileFor(path, options.json);
  const asked = await loadInspection(file);
  const baseDirectory = resolve(dirname(file));
  const opened = await located(file, asked, () =>
    openRecording(join(baseDirectory, asked.recording), { ...asked, baseDirectory }),
  );
  if (!options.json) for (const line of opened.assumed) say(`Assumed: ${line}`);
  try {
    await located(file, asked, async () => {
      for (const [index, task] of asked.downstream.entries()) {
        const where = `/downstream/${index}`;
        checkTask(task, opened.source.splits.train, where);
      }
    });
    const backend = await openBackend(options.backend, { threads: options.threads });
    const folder = options.out ?? join('.pentimento', 'inspections', asked.name);
    const into = new InspectionFolder(folder, {
      version: 1,
      name: asked.name,
      baseDirectory,
      inspection: JSON.parse(JSON.stringify(asked)) as Record<string, unknown>,
      versions: versions(),
      created: new Date().toISOString(),
      command: commandLine(['pentimento', ...process.argv.slice(2)]),
    });
    await into.create();
    const analysis = await withProgress(options.json, (onProgress, signal) =>
      located(file, asked, () =>
        inspectInto({
          into,
          source: opened.source,
          asked,
          backend,
          recommend: recommendAll,
          onProgress,
          signal,
        }),
      ),
    );
    await print(
      options.json,
      () => analysis,
      () => [...describeAnalysis(analysis), `Results: ${folder}`],
    );
  } finally {
    await opened.close();
  }
}

/** The inspection file of a recording: the one beside it, or a new one with a task for every label. */
async function fileFor(path: string, json: boolean | undefined): Promise<string> {
  const name = nameOf(resolve(path));
  const file = join(dirname(path), `${name}${ENDING}`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) {
    if (!json) say(`As ${file} says`);
    return file;
  }
  const plain = inspectionSchema.parse({ name, recording: basename(path) });
  const opened = await openRecording(path, { ...plain, baseDirectory: dirname(path) }).catch(
    (error: unknown) => {
      throw withFile(error, file, plain);
    },
  );
  const { labels, seed, source, found, assumed } = opened;
  await opened.close();
  const { name: _, recording, ...defaults } = plain;
  const spec: Partial<InspectionSpec> = {
    name,
    recording,
    ...found,
    ...defaults,
    seed: seed ?? plain.seed,
    layers: source.layers.map((layer) => layer.name),
    downstream: labels.map((label) => ({ name: label, factor: label })),
  };
  await writeAtomically(file, `${JSON.stringify(spec, null, 2)}\n`);
  if (!json) for (const line of assumed) say(`Assumed: ${line}`);
  if (!json)
    say(`Wrote ${file}: the layers, tasks and probes that are assumed. Edit it to ask something else`);
  return file;
}

/** A fault that a key of the inspection file would decide says which file that is, and what to begin it with. */
const withFile = (error: unknown, file: string, { name, recording }: InspectionSpec): unknown => {
  if (!(error instanceof Fault) || !error.remedy.startsWith('Set "')) return error;
  const begun = JSON.stringify({ name, recording, layout: {} });
  return new Fault(error.kind, error.what, error.where, `${error.remedy}, in ${file}: ${begun}`, {
    cause: error,
  });
};

/** What the recording is called, as the name of a folder. */
const nameOf = (path: string): string =>
  basename(path)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '') || 'recording';
