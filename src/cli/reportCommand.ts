import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recommend } from '../choose/index.ts';
import { runFault } from '../protocol/index.ts';
import { openRun, writeAtomically } from '../store/index.ts';
import type { Common } from './options.ts';
import { type ReportAssets, renderReport } from './report.ts';
import { print } from './terminal.ts';

export interface ReportOptions extends Common {
  readonly out?: string;
}

/** The page is built beside this bundle; run from sources it is where the last build put it. */
async function readAssets(): Promise<ReportAssets> {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
  const read = (name: string) => readFile(fileURLToPath(new URL(`${built}${name}`, import.meta.url)), 'utf8');
  try {
    return { script: await read('report.js'), style: await read('report.css') };
  } catch (error) {
    throw runFault('the report page is not built', 'dist/report.js', 'Run npm run build', error);
  }
}

export async function reportCommand(folder: string, { json, out }: ReportOptions): Promise<void> {
  const run = await openRun(folder);
  const analysis = await run.readAnalysis();
  const metrics = await run.readMetrics();
  const tasks = [...new Set(analysis.layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  const recommendations = tasks.map((task) => recommend(analysis, { task }));
  const file = out ?? join(folder, 'report.html');
  await writeAtomically(
    file,
    renderReport({ run: run.record, metrics, analysis, recommendations }, await readAssets()),
  );
  print(json, { file, tasks }, () => `Report: ${file}`);
}
