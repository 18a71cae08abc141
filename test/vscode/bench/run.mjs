// Times the extension in a real VS Code: activation, the first figure, and frame rates with a large run.
// `--starts N` starts VS Code N times (5), `--json` prints every number instead of the table.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from '../../../scripts/bundle.mjs';
import { root } from '../../../scripts/setup.mjs';
import { bundleSuite, plainWindow } from '../bundleSuite.mjs';
import { runSuite } from '../launcher/runSuite.mjs';
import { prepareWorkspace } from '../prepareWorkspace.mjs';
import { printTable } from './table.mjs';

const LARGE = { layers: 200, features: 200, seed: 1 };

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    'side-panel': { type: 'boolean', default: false },
  },
});
const load = () => loadavg()[0].toFixed(2);

/** Adds a run that was never trained, with an analysis of 200 layers and 200 features. */
async function addLargeRun(workspace) {
  await bundle({ largeRun: 'test/vscode/bench/largeRun.ts' }, '.vscode-test/bench');
  const { largeAnalysis } = await import(pathToFileURL(join(root, '.vscode-test/bench/largeRun.js')));
  const runs = join(workspace, '.pentimento', 'runs');
  const read = async (name) => JSON.parse(await readFile(join(runs, 'finished', name), 'utf8'));
  const analysis = largeAnalysis(await read('analysis.json'), LARGE.layers, LARGE.features, LARGE.seed);
  const layers = analysis.layers.map(({ name, part, dimensions }) => ({ name, part, shape: [dimensions] }));
  const record = { ...(await read('run.json')), name: 'large', layers };
  await cp(join(runs, 'finished', 'metrics.jsonl'), join(runs, 'large', 'metrics.jsonl'));
  await writeFile(join(runs, 'large', 'run.json'), JSON.stringify(record));
  await writeFile(join(runs, 'large', 'analysis.json'), JSON.stringify(analysis));
}

/** The measurements of one start of VS Code. */
async function measure(suite, workspace, frames) {
  const result = join(workspace, 'measurements.json');
  const code = await runSuite({
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    workspace,
    settings: plainWindow,
    env: {
      PENTIMENTO_BENCH_RESULT: result,
      PENTIMENTO_BENCH_FRAMES: frames ? '1' : '0',
      PENTIMENTO_BENCH_SIDE_PANEL: values['side-panel'] ? '1' : '0',
    },
  });
  if (code !== 0) process.exit(code);
  return JSON.parse(await readFile(result, 'utf8'));
}

/** Adds the finished run under another name. */
const addSecondRun = async (workspace) => {
  const runs = join(workspace, '.pentimento', 'runs');
  await cp(join(runs, 'finished'), join(runs, 'second'), { recursive: true });
};

const suite = await bundleSuite('test/vscode/bench/index.ts', 'bench-suite');
const workspace = await prepareWorkspace();
try {
  await addSecondRun(workspace);
  await addLargeRun(workspace);
  const before = load();
  const starts = [];
  const count = Number(values.starts);
  for (let start = 1; start <= count; start++) {
    console.error(`VS Code, start ${start} of ${count}`);
    starts.push(await measure(suite, workspace, start === count));
  }
  const loads = [before, load()];
  if (values.json) console.log(JSON.stringify({ cores: cpus().length, load: loads, large: LARGE, starts }));
  else printTable(starts, loads);
} finally {
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
}
