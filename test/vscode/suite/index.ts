import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { shuffleTests } from './shuffle.ts';
import { lookAtStart } from './start.ts';
import { World } from './world.ts';

/** Ends what hangs, nothing else: on a busy machine everything takes several times as long. */
const PATIENCE = 600_000;

export const suiteOf = (): Mocha => {
  const grep = process.env.PENTIMENTO_TEST_GREP;
  return new Mocha({
    ui: 'bdd',
    color: false,
    timeout: PATIENCE,
    slow: 60_000,
    grep: grep === undefined || grep === '' ? undefined : new RegExp(grep),
  });
};

/** Keeps the totals in a file as they grow: an extension host that dies does not take them along. */
export const writeTotals = (runner: Mocha.Runner): void => {
  const file = process.env.PENTIMENTO_TEST_TOTALS;
  if (file === undefined || file === '') return;
  let [passed, failed] = [0, 0];
  const write = (): void => writeFileSync(file, JSON.stringify({ passed, failed }));
  runner.on('pass', () => {
    passed++;
    write();
  });
  runner.on('fail', () => {
    failed++;
    write();
  });
};

/** Runs every test in an order that PENTIMENTO_TEST_SEED gives; rejects when one fails, which is what VS Code reports. */
export async function run(): Promise<void> {
  const mocha = suiteOf();
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./activation.test.ts');
  await import('./panels.test.ts');
  await import('./training.test.ts');
  await import('./chooseLayer.test.ts');
  await import('./inline.test.ts');
  await import('./checkpoint.test.ts');
  await import('./badInput.test.ts');
  const seed = process.env.PENTIMENTO_TEST_SEED || String(Date.now() % 1_000_000);
  console.log(`  in the order of PENTIMENTO_TEST_SEED=${seed}`);
  shuffleTests(mocha.suite, seed);

  await lookAtStart();
  const world = new World();
  mocha.suite.beforeEach('the world as it was', () => world.restore());
  const failures = await new Promise<number>((resolve) => {
    writeTotals(mocha.run(resolve));
  });
  await world.restore();
  world.dispose();
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
