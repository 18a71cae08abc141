import { finished, newSuite } from '../suite/mochaRun.ts';
import { shuffleTests } from '../suite/shuffle.ts';
import { lookAtMessages } from './start.ts';

/** Runs the tests like the other suite; rejects if one fails, which is what VS Code reports. */
export async function run(): Promise<void> {
  const mocha = newSuite();
  await import('./hostile.test.ts');
  const seed = process.env.PENTIMENTO_TEST_SEED || String(Date.now() % 1_000_000);
  console.log(`  in the order of PENTIMENTO_TEST_SEED=${seed}`);
  shuffleTests(mocha.suite, seed);
  await lookAtMessages();
  await finished(mocha);
}
