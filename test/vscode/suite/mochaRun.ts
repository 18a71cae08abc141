import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Only ends tests that hang: on a busy machine everything takes several times as long. */
const PATIENCE = 600_000;

/** An empty suite that takes the tests which PENTIMENTO_TEST_GREP names, with `describe` and `it` for them. */
export const newSuite = (): Mocha => {
  const grep = process.env.PENTIMENTO_TEST_GREP;
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: PATIENCE,
    slow: 60_000,
    grep: grep === undefined || grep === '' ? undefined : new RegExp(grep),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  return mocha;
};

/** Keeps the totals in a file as they grow: so they survive the death of the extension host. */
const writeTotals = (runner: Mocha.Runner): void => {
  const file = process.env.PENTIMENTO_TEST_TOTALS;
  if (file === undefined || file === '') return;
  const totals = { passed: 0, failed: 0 };
  const count = (outcome: keyof typeof totals) => () => {
    totals[outcome]++;
    writeFileSync(file, JSON.stringify(totals));
  };
  runner.on('pass', count('passed'));
  runner.on('fail', count('failed'));
};

/** Runs the tests; rejects if one fails, which is what VS Code reports. */
export const finished = async (mocha: Mocha): Promise<void> => {
  const failures = await new Promise<number>((resolve) => {
    writeTotals(mocha.run(resolve));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
};
