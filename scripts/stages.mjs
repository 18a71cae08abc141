// Stages of a check: each runs even if an earlier one failed, unless it needs its output.

/**
 * Runs the stages in order. A stage is `{name, needs, run}`: `run` does it and returns its exit code, `needs` names the stages without
 * which it cannot run. Returns `{name, outcome}` of each: 'passed', 'failed', or 'not run'.
 */
export function runStages(stages, announce = (name) => console.log(`\n== ${name}`)) {
  const outcomes = [];
  const passed = (name) => outcomes.some((one) => one.name === name && one.outcome === 'passed');
  for (const { name, needs = [], run } of stages) {
    let outcome = 'not run';
    if (needs.every(passed)) {
      announce(name);
      outcome = run() === 0 ? 'passed' : 'failed';
    }
    outcomes.push({ name, outcome });
  }
  return outcomes;
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
