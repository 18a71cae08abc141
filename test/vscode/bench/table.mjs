// Prints the results of the editor benchmark, beside the goals.

const GOALS = { activation: 50, figure: 500, framesPerSecond: 50 };

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const printRows = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = (text, column) =>
    column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  for (const row of rows) console.log(`  ${row.map(padded).join('   ')}`);
};

const verdict = (met) => (met ? 'met' : 'MISSED');
const milliseconds = (values) => median(values).toFixed(1);
const range = (values) => `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;

function printActivation(starts) {
  console.log(`\nActivation, ms, median of ${starts.length} starts (goal: below ${GOALS.activation})`);
  const row = (title, values) => [
    title,
    milliseconds(values),
    range(values),
    verdict(median(values) < GOALS.activation),
  ];
  printRows([
    ['', 'median', 'range', 'goal'],
    row(
      'activate()',
      starts.map(({ activation }) => activation),
    ),
    row(
      'as VS Code reports it, with loading the module',
      starts.map(({ activationReported }) => activationReported),
    ),
  ]);
}

function printOpenings(starts) {
  console.log(
    `\nFrom the command to the figures, ms, medians (goal: drawn below ${GOALS.figure}); ours: from the document, which VS Code delivers, to drawn; the empty webview is VS Code alone`,
  );
  const groups = new Map();
  for (const opening of starts.flatMap(({ openings }) => openings)) {
    const title = [opening.page, opening.run, opening.time].filter(Boolean).join(', ');
    groups.set(title, [...(groups.get(title) ?? []), opening]);
  }
  const rows = [...groups].map(([title, openings]) => {
    const of = (step) => openings.map((opening) => opening[step]);
    return [
      title,
      ...['created', 'document', 'asked', 'content', 'drawn'].map((step) => median(of(step)).toFixed(0)),
      range(of('drawn')),
      median(openings.map(({ document, drawn }) => drawn - document)).toFixed(0),
      String(openings.length),
      openings[0].run === '' ? '' : verdict(median(of('drawn')) < GOALS.figure),
    ];
  });
  printRows([
    ['', 'created', 'document', 'asked', 'content', 'drawn', 'range', 'ours', 'n', 'goal'],
    ...rows,
  ]);
}

function printFrameRates(starts) {
  console.log(
    `\nFrames while a page of the large run is used (goal: above ${GOALS.framesPerSecond} per second)`,
  );
  const rows = starts
    .flatMap(({ frameRates }) => frameRates)
    .map(({ page, input, frames, framesPerSecond, slowInterval }) => [
      `${page}, ${input}`,
      framesPerSecond.toFixed(1),
      `${slowInterval.toFixed(1)} ms`,
      String(frames),
      verdict(framesPerSecond > GOALS.framesPerSecond),
    ]);
  printRows([['', 'median per s', '95 % of intervals below', 'frames', 'goal'], ...rows]);
}

/** Prints the measurements of several starts of VS Code. */
export function printTable(starts, load) {
  printActivation(starts);
  printOpenings(starts);
  printFrameRates(starts);
  const ran = starts.some(({ engineRan }) => engineRan);
  console.log(`\nEngine process during all that: ${ran ? 'YES, MISSED' : 'none, met'}`);
  console.log(`Load of the machine over the last minute: ${load.join(' at the start, ')} at the end`);
}
