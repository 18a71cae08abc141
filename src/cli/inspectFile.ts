import { dirname, join, resolve } from 'node:path';
import { recommendAll } from '../choose/index.ts';
import { checkTask } from '../data/index.ts';
import { loadInspection, located } from '../experiment/index.ts';
import { inspectInto } from '../inspect/index.ts';
import { openBackend } from '../runtime/index.ts';
import { openInspected } from '../sources/index.ts';
import { InspectionFolder } from '../store/index.ts';
import { commandLine, versions } from '../train/index.ts';
import { describeAnalysis } from './analysisText.ts';
import { type FileOptions, inspectionFileFor } from './inspectionFile.ts';
import { print, say, withProgress } from './terminal.ts';

/**
 * Inspects what an inspection file names; or a recording, or a model with data, as the file beside it says. Without such a file, it
 * is written first, with everything that is assumed.
 */
export async function inspectFile(path: string, options: FileOptions): Promise<void> {
  const file = path.endsWith('.json') ? path : await inspectionFileFor(path, options);
  const asked = await loadInspection(file);
  const baseDirectory = resolve(dirname(file));
  const opened = await located(file, asked, () => openInspected(asked, { ...options, baseDirectory }));
  if (!options.json) for (const line of opened.assumed) say(`Assumed: ${line}`);
  try {
    await located(file, asked, async () => {
      for (const [index, task] of asked.downstream.entries()) {
        checkTask(task, opened.source.splits.train, `/downstream/${index}`);
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
