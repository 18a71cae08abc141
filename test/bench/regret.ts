import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recommend } from '../../src/choose/index.ts';
import type { Analysis } from '../../src/protocol/index.ts';
import { openRun } from '../../src/store/index.ts';
import { type Outcome, outcomesOfTask, regretTable } from './regretRules.ts';
import { type Setting, settings } from './regretSettings.ts';

/**
 * What it costs to follow a rule that chooses a layer: on many small runs, layers are chosen by each rule and judged on test
 * samples that the rule did not see. Regret is the accuracy of the best layer there less that of the chosen one.
 * `npm run regret`; `-- --folder F` keeps the runs in F, and uses those that are there.
 */

const argument = process.argv.indexOf('--folder');
const folder = argument < 0 ? join(tmpdir(), 'pentimento-regret') : process.argv[argument + 1];

// This file is bundled into dist/bench.
const cli = fileURLToPath(new URL('../cli.js', import.meta.url));

const pentimento = (...command: readonly string[]): void => {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pentimento ${command.join(' ')}: ${stderr}`);
};

const analysisOf = async (setting: Setting): Promise<Analysis> => {
  const run = join(folder, setting.name);
  const file = `${run}.experiment.json`;
  if (!existsSync(join(run, 'analysis.json'))) {
    for (const [name, bytes] of await setting.files()) writeFileSync(join(folder, name), bytes);
    writeFileSync(file, JSON.stringify(setting.experiment));
    pentimento('train', file, '--out', run, '--resume');
    pentimento('inspect', run, '--no-baselines');
  }
  return (await openRun(run)).readAnalysis();
};

mkdirSync(folder, { recursive: true });
const outcomes: Outcome[] = [];
for (const setting of settings()) {
  const started = performance.now();
  const analysis = await analysisOf(setting);
  const tasks = setting.experiment.downstream.map(({ name }) => name);
  outcomes.push(...tasks.map((task) => outcomesOfTask(setting.name, analysis, task)));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const chosen = tasks.map((task) => `${task}: ${recommend(analysis, { task }).recommended.layer}`);
  console.log(`${setting.name} (${seconds} s): ${chosen.join(', ')}`);
}
for (const line of regretTable(outcomes)) console.log(line);
