// The whole check: types, lint, the directions of imports, the build, every unit test, and the suite in a real VS Code. All of it runs
// even if some of it fails, and the last line says the totals. Paths name unit tests: with them, the editor is left out. `--seed N` sets
// the order of files and tests, to meet a failure again.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUNDS } from '../test/vscode/rounds.mjs';
import { installDependencies, run, runQuietly } from './setup.mjs';
import { runStages, totalsLine } from './stages.mjs';

/** The seed, and the arguments for vitest: paths and its own options. */
function readArguments(args) {
  const at = args.indexOf('--seed');
  if (at < 0) return { seed: String(Date.now() % 1_000_000), rest: args };
  return { seed: args[at + 1] ?? '', rest: args.toSpliced(at, 2) };
}

const { seed, rest } = readArguments(process.argv.slice(2));
if (!/^\d+$/.test(seed)) {
  console.error(`--seed '${seed}': not a whole number. Give one, such as --seed 7.`);
  process.exit(2);
}
const reports = mkdtempSync(join(tmpdir(), 'pentimento-totals-'));
const report = (name) => join(reports, `${name}.json`);
const seeded = (more = {}) => ({ env: { ...process.env, PENTIMENTO_TEST_SEED: seed, ...more } });

const unitTests = () => {
  const json = ['--reporter=default', '--reporter=json', `--outputFile.json=${report('unit')}`];
  return run('npx', ['vitest', 'run', ...json, ...rest], seeded());
};
const editor = (round) => () =>
  run('node', ['test/vscode/run.mjs', '--only', round], seeded({ PENTIMENTO_TEST_TOTALS: report(round) }));

/** How many tests passed and failed; 0 if the report was never written. */
function totalsOf(name) {
  if (!existsSync(report(name))) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, passed, failed } = JSON.parse(readFileSync(report(name), 'utf8'));
  return { passed: numPassedTests ?? passed, failed: numFailedTests ?? failed };
}

const editorStages = ROUNDS.map((round) => ({
  name: `editor on the ${round}`,
  needs: ['build'],
  run: editor(round),
}));
const check = (name, command, ...args) => ({
  name,
  needs: ['install'],
  beside: true,
  run: () => runQuietly(command, args),
});
const stages = [
  { name: 'install', run: installDependencies },
  check('types', 'npx', 'tsc', '-p', '.'),
  check('types of the webview', 'npx', 'tsc', '-p', 'webview'),
  check('unused code', 'npx', 'knip'),
  check('code that only tests use', 'npx', 'knip', '--production'),
  check('build', 'node', 'scripts/build.mjs'),
  check('lint', 'npx', 'biome', 'check', '.'),
  check('imports', 'node', 'scripts/imports.mjs'),
  { name: 'unit tests', needs: ['build'], run: unitTests },
  ...(rest.length === 0 ? editorStages : []),
];

console.log(`Tests in the order of seed ${seed}: npm test -- --seed ${seed} repeats it.`);
let outcomes;
let totals;
try {
  outcomes = await runStages(stages);
  totals = ['unit', ...ROUNDS].map(totalsOf);
} finally {
  rmSync(reports, { recursive: true });
}
console.log(`\n${totalsLine(outcomes, totals)}`);
process.exit(outcomes.every(({ outcome }) => outcome === 'passed') ? 0 : 1);
