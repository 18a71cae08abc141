import { join } from 'node:path';
import { recommendAll } from '../choose/index.ts';
import { writeAtomically } from '../disk/index.ts';
import { reportOf } from '../handover/index.ts';
import { openRun } from '../store/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface ReportOptions extends Common {
  readonly state: string;
  readonly out?: string;
}

export async function reportCommand(folder: string, { json, state, out }: ReportOptions): Promise<void> {
  const run = await openRun(folder);
  const analysis = await run.readAnalysis(state);
  const recommendations = recommendAll(analysis);
  const file = out ?? join(folder, 'report.html');
  await writeAtomically(file, await reportOf(run, analysis, recommendations));
  await print(
    json,
    () => ({ file, tasks: recommendations.map(({ task }) => task) }),
    () => [`Report: ${file}`],
  );
}
