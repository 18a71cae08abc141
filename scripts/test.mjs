// The whole check: types, lint with the import directions, the build, and every test.
import { ensureDependencies, must } from './setup.mjs';

ensureDependencies();
must('npx', ['tsc', '-p', '.']);
must('npx', ['tsc', '-p', 'webview']);
must('npx', ['biome', 'check', '.']);
must('node', ['scripts/build.mjs']);
must('npx', ['vitest', 'run', ...process.argv.slice(2)]);
