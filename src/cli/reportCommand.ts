import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recommendAll } from '../choose/index.ts';
import { writeAtomically } from '../disk/index.ts';
import { runFault } from '../protocol/index.ts';
import { openRun } from '../store/index.ts';
import type { Common } from './options.ts';
import { type ReportAssets, renderReport } from './report.ts';
import { print } from './terminal.ts';

export interface ReportOptions extends Common {
  readonly state: string;
  readonly out?: string;
}

/** The page is built beside this bundle; when run from sources, it is where the last build put it. */
async function readAssets(): Promise<ReportAssets> {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
  const read = (name: string) => readFile(fileURLToPath(new URL(`${built}${name}`, import.meta.url)), 'utf8');
  try {
    return { script: await read('report.js'), style: await read('report.css') };
  } catch (error) {
    throw runFault('the report page is not built', 'dist/report.js', 'Run npm run build', error);
  }
}

export async function reportCommand(folder: string, { json, state, out }: ReportOptions): Promise<void> {
  const run = await openRun(folder);
  const analysis = await run.readAnalysis(state);
  const metrics = await run.readMetrics();
  const recommendations = recommendAll(analysis);
  const file = out ?? join(folder, 'report.html');
  await writeAtomically(
    file,
    renderReport({ run: run.record, metrics, analysis, recommendations }, await readAssets()),
  );
  await print(
    json,
    () => ({ file, tasks: recommendations.map(({ task }) => task) }),
    () => [`Report: ${file}`],
  );
}
