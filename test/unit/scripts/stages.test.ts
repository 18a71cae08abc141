import { describe, expect, it } from 'vitest';
import { runStages, type Stage, totalsLine } from '../../../scripts/stages.mjs';

const silent = (): void => {};
const stage = (name: string, code: number, needs: string[] = []): Stage => ({ name, needs, run: () => code });

describe('the stages of a check', () => {
  it('all run although the first fails', () => {
    const ran: string[] = [];
    const noted = ({ name, run, ...rest }: Stage): Stage => ({
      ...rest,
      name,
      run: () => {
        ran.push(name);
        return run();
      },
    });
    const stages = [stage('types', 2), stage('lint', 0), stage('unit tests', 1), stage('editor', 0)];
    const outcomes = runStages(stages.map(noted), silent);
    expect(ran).toEqual(['types', 'lint', 'unit tests', 'editor']);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'failed', 'passed']);
  });

  it('do not run without what they need, nor do those that need them', () => {
    const stages = [stage('build', 1), stage('package', 0, ['build']), stage('editor', 0, ['package'])];
    expect(runStages(stages, silent).map(({ outcome }) => outcome)).toEqual(['failed', 'not run', 'not run']);
  });

  it('are announced as they begin', () => {
    const said: string[] = [];
    runStages([stage('build', 1), stage('editor', 0, ['build']), stage('lint', 0)], (name) =>
      said.push(name),
    );
    expect(said).toEqual(['build', 'lint']);
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

  it('names what failed and what did not run', () => {
    const outcomes = runStages(
      [stage('types', 1), stage('build', 1), stage('lint', 0), stage('editor', 0, ['build'])],
      silent,
    );
    expect(totalsLine(outcomes, reports)).toBe(
      '2050 passed, 3 failed; stages failed: types, build; not run: editor',
    );
  });
});
