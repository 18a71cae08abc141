// `npm run bench -- NAME` builds and runs test/bench/NAME.ts; `editor` is test/vscode/bench, in a real VS Code. Without a name, those that
// report rows run one after another, and their table is written into docs/performance.md: half an hour on two cores.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf, withTable } from './benchTable.mjs';
import { ensureDependencies, must, root } from './setup.mjs';

/** They report rows. */
const TABLE = ['step', 'bert', 'tall'];
/** They measure the built engine. */
const OF_THE_ENGINE = ['open', 'bert', 'regret', 'tall', 'own-models', 'recording'];
/** Parts of others. */
const PARTS = ['torch.ts', 'profile.ts', 'engineOf.ts', 'regretRules.ts', 'regretSettings.ts', 'rows.ts'];

ensureDependencies();
const { bundle } = await import('./bundle.mjs');
const [name, ...rest] = process.argv.slice(2);

async function runBench(bench, args) {
  await bundle({ [`bench-${bench}`]: `test/bench/${bench}.ts` }, 'dist/bench');
  must('node', [`dist/bench/bench-${bench}.js`, ...args]);
}

if (name === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
  const file = join(folder, 'rows.jsonl');
  process.env.PENTIMENTO_BENCH_ROWS = file;
  try {
    must('node', ['scripts/build.mjs']);
    for (const bench of TABLE) await runBench(bench, []);
    const rows = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const document = join(root, 'docs', 'performance.md');
    const table = tableOf(rows, new Date().toISOString().slice(0, 10));
    writeFileSync(document, withTable(readFileSync(document, 'utf8'), table));
    console.log(`\n${rows.length} rows: docs/performance.md`);
  } finally {
    rmSync(folder, { recursive: true });
  }
} else if (name === 'editor') {
  must('node', ['scripts/build.mjs']);
  must('node', ['test/vscode/bench/run.mjs', ...rest]);
} else if (existsSync(`${root}test/bench/${name}.ts`)) {
  if (OF_THE_ENGINE.includes(name)) must('node', ['scripts/build.mjs']);
  await runBench(name, rest);
} else {
  const files = readdirSync(`${root}test/bench`).filter(
    (file) => file.endsWith('.ts') && !PARTS.includes(file),
  );
  const names = [...files.map((file) => file.slice(0, -3)), 'editor'];
  console.log(
    `Usage: npm run bench -- NAME, with NAME one of: ${names.join(', ')}; without NAME: ${TABLE.join(', ')}, and their table`,
  );
  process.exit(2);
}
