// The table that `npm run bench` without a name writes into docs/performance.md.
import { availableParallelism, cpus, type } from 'node:os';

const BEGIN = '<!-- The table of npm run bench begins -->';
const END = '<!-- The table of npm run bench ends -->';

const times = (value) => value.toFixed(value < 10 ? 2 : 1);

function ratioOf({ ratio, goal }) {
  if (ratio === undefined) return '';
  const spread = ratio.lowest === ratio.highest ? '' : ` (${times(ratio.lowest)} to ${times(ratio.highest)})`;
  const short = goal !== undefined && ratio.median < goal;
  const shown = `${times(ratio.median)}${spread}`;
  return short ? `**${shown}**` : shown;
}

const lineOf = (row) =>
  [
    row.work,
    row.ours,
    row.peer === null ? 'not measured: not on this machine' : `${row.peer.name}: ${row.peer.measured}`,
    ratioOf(row),
    row.goal === undefined ? '' : String(row.goal),
    row.agreement ?? '',
  ].join(' | ');

/** The rows as Markdown, with the machine that they were measured on. */
export function tableOf(rows, date) {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${type()}, Node ${process.versions.node}`;
  return [
    BEGIN,
    '',
    `Measured by \`npm run bench\` on ${date}: ${machine}. Ratios are how many times faster Pentimento is: medians, with their extremes over the rounds. Those that miss their goal are bold.`,
    '',
    '| Work | Pentimento | Peer | Ratio | Goal | Agreement |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${lineOf(row)} |`),
    '',
    END,
  ].join('\n');
}

/** The document with this table in place of the one before; at its end if it has none. */
export function withTable(document, table) {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) return `${document.trimEnd()}\n\n## Everything at once\n\n${table}\n`;
  return document.slice(0, begin) + table + document.slice(end + END.length);
}
