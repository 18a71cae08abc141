import Mocha from 'mocha';

/** Runs the tests; rejects when one fails, which is what VS Code reports. */
export async function run(): Promise<void> {
  const grep = process.env.PENTIMENTO_TEST_GREP;
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 120_000,
    slow: 60_000,
    grep: grep === undefined || grep === '' ? undefined : new RegExp(grep),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./hostile.test.ts');
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
