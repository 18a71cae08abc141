import { finished, newSuite } from './mochaRun.ts';
import { shuffleTests } from './shuffle.ts';
import { lookAtStart } from './start.ts';
import { World } from './world.ts';

/**
 * Runs every test in an order that PENTIMENTO_TEST_SEED determines; rejects if one fails, which is what VS
 * Code reports.
 */
export async function run(): Promise<void> {
  const mocha = newSuite();
  await import('./activation.test.ts');
  await import('./panels.test.ts');
  await import('./training.test.ts');
  await import('./chooseLayer.test.ts');
  await import('./inspections.test.ts');
  await import('./inline.test.ts');
  await import('./checkpoint.test.ts');
  await import('./notebook.test.ts');
  await import('./badInput.test.ts');
  const seed = process.env.PENTIMENTO_TEST_SEED || String(Date.now() % 1_000_000);
  console.log(`  in the order of PENTIMENTO_TEST_SEED=${seed}`);
  shuffleTests(mocha.suite, seed);

  await lookAtStart();
  const world = new World();
  mocha.suite.beforeEach('the world as it was', () => world.restore());
  mocha.suite.afterAll('the world as it was', async () => {
    await world.restore();
    world.dispose();
  });
  await finished(mocha);
}
