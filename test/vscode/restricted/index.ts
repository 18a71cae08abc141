import { suiteOf, writeTotals } from '../suite/index.ts';
import { shuffleTests } from '../suite/shuffle.ts';
import { lookAtMessages } from './start.ts';

/** Runs the tests as the other suite does; rejects when one fails, which is what VS Code reports. */
export async function run(): Promise<void> {
  const mocha = suiteOf();
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./hostile.test.ts');
  const seed = process.env.PENTIMENTO_TEST_SEED || String(Date.now() % 1_000_000);
  console.log(`  in the order of PENTIMENTO_TEST_SEED=${seed}`);
  shuffleTests(mocha.suite, seed);
  await lookAtMessages();
  const failures = await new Promise<number>((resolve) => {
    writeTotals(mocha.run(resolve));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
