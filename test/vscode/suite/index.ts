import Mocha from 'mocha';

/** Runs every test file in order; rejects when one fails, which is what VS Code reports. */
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
  // In this order: the first one must see an extension that nothing has asked anything of yet.
  await import('./activation.test.ts');
  await import('./panels.test.ts');
  await import('./training.test.ts');
  await import('./chooseLayer.test.ts');
  await import('./inline.test.ts');
  await import('./checkpoint.test.ts');
  await import('./badInput.test.ts');
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
