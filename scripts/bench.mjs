// `npm run bench -- NAME`: builds and runs test/bench/NAME.ts; `editor` is test/vscode/bench, in a real VS Code.
// Without a name it lists the benchmarks.
import { existsSync, readdirSync } from 'node:fs';
import { ensureDependencies, must, root } from './setup.mjs';

ensureDependencies();
const { bundle } = await import('./bundle.mjs');
const [name, ...rest] = process.argv.slice(2);
if (name === 'editor') {
  must('node', ['scripts/build.mjs']);
  must('node', ['test/vscode/bench/run.mjs', ...rest]);
  process.exit(0);
}
if (name === undefined || !existsSync(`${root}test/bench/${name}.ts`)) {
  const names = readdirSync(`${root}test/bench`).filter(
    (file) =>
      file.endsWith('.ts') &&
      !['torch.ts', 'profile.ts', 'engineOf.ts', 'regretRules.ts', 'regretSettings.ts'].includes(file),
  );
  console.log(
    `Usage: npm run bench -- NAME, with NAME one of: ${[...names.map((file) => file.slice(0, -3)), 'editor'].join(', ')}`,
  );
  process.exit(name === undefined ? 0 : 2);
}
// Some measure the built engine.
if (['open', 'bert', 'regret', 'tall', 'own-models', 'recording'].includes(name))
  must('node', ['scripts/build.mjs']);
await bundle({ [`bench-${name}`]: `test/bench/${name}.ts` }, 'dist/bench');
must('node', [`dist/bench/bench-${name}.js`, ...rest]);
