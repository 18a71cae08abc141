// Stages of a check: each runs even if an earlier one failed, unless it needs its output.
import { availableParallelism } from 'node:os';

const announced = (name, output = '') => console.log(`\n== ${name}${output === '' ? '' : `\n${output}`}`);

/** Consecutive stages that may run side by side are one group, any other is a group of its own. */
function groupsOf(stages) {
  const groups = [];
  for (const stage of stages) {
    const last = groups.at(-1);
    if (stage.beside && last?.[0].beside) last.push(stage);
    else groups.push([stage]);
  }
  return groups;
}

/**
 * Runs the stages in order. A stage is `{name, needs, beside, run}`: `run` does it and returns its exit code, `needs` names the stages
 * without which it cannot run. Stages with `beside` that follow one another run side by side, `lanes` of them at a time: their `run`
 * returns a promise of `{code, output}`, shown when they end. None of them may need another. Returns `{name, outcome}` of each stage:
 * 'passed', 'failed', or 'not run'.
 */
export async function runStages(stages, announce = announced, lanes = availableParallelism()) {
  const outcomes = new Map();
  const runOne = async ({ name, needs = [], beside, run }) => {
    if (!needs.every((needed) => outcomes.get(needed) === 'passed')) return outcomes.set(name, 'not run');
    if (!beside) announce(name);
    const { code, output } = beside ? await run() : { code: run() };
    if (beside) announce(name, output);
    outcomes.set(name, code === 0 ? 'passed' : 'failed');
  };
  for (const group of groupsOf(stages)) {
    const waiting = group.values();
    const lane = async () => {
      for (const stage of waiting) await runOne(stage);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
  return stages.map(({ name }) => ({ name, outcome: outcomes.get(name) }));
}

const named = (outcomes, wanted, words) => {
  const names = outcomes.filter(({ outcome }) => outcome === wanted).map(({ name }) => name);
  return names.length === 0 ? '' : `; ${words}: ${names.join(', ')}`;
};

/** One line: the tests of all reports, and the stages that failed or did not run. */
export function totalsLine(outcomes, reports) {
  const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
  const stages = named(outcomes, 'failed', 'stages failed') + named(outcomes, 'not run', 'not run');
  return `${sum('passed')} passed, ${sum('failed')} failed${stages}`;
}
