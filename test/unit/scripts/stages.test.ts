import { describe, expect, it } from 'vitest';
import { runStages, type Stage, totalsLine } from '../../../scripts/stages.mjs';

const silent = (): void => {};
const stage = (name: string, code: number, needs: string[] = []) => ({ name, needs, run: () => code });
const beside = (name: string, code: number, until = Promise.resolve()): Stage => ({
  name,
  beside: true,
  run: async () => {
    await until;
    return { code, output: `output of ${name}` };
  },
});

describe('the stages of a check', () => {
  it('all run although the first fails', async () => {
    const ran: string[] = [];
    const noted = ({ name, run, ...rest }: ReturnType<typeof stage>): Stage => ({
      ...rest,
      name,
      run: () => {
        ran.push(name);
        return run();
      },
    });
    const stages = [stage('types', 2), stage('lint', 0), stage('unit tests', 1), stage('editor', 0)];
    const outcomes = await runStages(stages.map(noted), silent);
    expect(ran).toEqual(['types', 'lint', 'unit tests', 'editor']);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'failed', 'passed']);
  });

  it('do not run without what they need, nor do those that need them', async () => {
    const stages = [stage('build', 1), stage('package', 0, ['build']), stage('editor', 0, ['package'])];
    const outcomes = await runStages(stages, silent);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'not run', 'not run']);
  });

  it('are announced as they begin', async () => {
    const said: string[] = [];
    await runStages([stage('build', 1), stage('editor', 0, ['build']), stage('lint', 0)], (name) =>
      said.push(name),
    );
    expect(said).toEqual(['build', 'lint']);
  });

  it('that may run side by side do, and are shown with what they printed when they end', async () => {
    const said: unknown[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stages = [
      beside('types', 0, held),
      beside('lint', 1),
      beside('build', 0),
      stage('tests', 0, ['build']),
    ];
    const outcomes = await runStages(
      stages,
      (name, output) => {
        said.push([name, output]);
        if (name === 'build') release();
      },
      2,
    );
    expect(said).toEqual([
      ['lint', 'output of lint'],
      ['build', 'output of build'],
      ['types', 'output of types'],
      ['tests', undefined],
    ]);
    expect(outcomes.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'types passed',
      'lint failed',
      'build passed',
      'tests passed',
    ]);
  });

  it('are never more at a time than there are lanes', async () => {
    let [running, most] = [0, 0];
    const counted = (name: string): Stage => ({
      name,
      beside: true,
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        return { code: 0, output: '' };
      },
    });
    await runStages([counted('types'), counted('lint'), counted('build')], silent, 2);
    expect(most).toBe(2);
  });
});

describe('the line of totals', () => {
  const reports = [
    { passed: 2000, failed: 1 },
    { passed: 50, failed: 2 },
  ];

  it('adds up the tests of all reports', () => {
    expect(totalsLine([{ name: 'unit tests', outcome: 'passed' }], reports)).toBe('2050 passed, 3 failed');
  });

  it('names what failed and what did not run', async () => {
    const outcomes = await runStages(
      [stage('types', 1), stage('build', 1), stage('lint', 0), stage('editor', 0, ['build'])],
      silent,
    );
    expect(totalsLine(outcomes, reports)).toBe(
      '2050 passed, 3 failed; stages failed: types, build; not run: editor',
    );
  });
});
