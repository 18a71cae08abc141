// The whole check: types, lint with the import directions, the build, every unit test, and the suite in a real VS Code.
import { ensureDependencies, must } from './setup.mjs';

ensureDependencies();
must('npx', ['tsc', '-p', '.']);
must('npx', ['tsc', '-p', 'webview']);
must('npx', ['biome', 'check', '.']);
must('node', ['scripts/build.mjs']);
must('npx', ['vitest', 'run', ...process.argv.slice(2)]);
// Arguments name unit tests: with them, the editor is left out.
if (process.argv.length === 2) must('node', ['test/vscode/run.mjs']);
