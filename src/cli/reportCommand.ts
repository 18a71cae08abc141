import { join } from 'node:path';
import { recommendAll } from '../choose/index.ts';
import { writeAtomically } from '../disk/index.ts';
import {
  csvTable,
  latexTable,
  latexText,
  markdownTable,
  methodsParagraph,
  type PaperRun,
  paperTable,
  reportOf,
} from '../handover/index.ts';
import { inputFault } from '../protocol/index.ts';
import { openAnalysed, openRun } from '../store/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface ReportOptions extends Common {
  readonly state: string;
  readonly out?: string;
  readonly format: 'html' | 'latex' | 'markdown' | 'csv';
}

/** A page of figures for one run or inspection, or a table for a paper of the runs of one experiment. */
export async function reportCommand(folders: readonly string[], options: ReportOptions): Promise<void> {
  const { format } = options;
  if (format !== 'html') {
    await writeTable(folders, format, options);
    return;
  }
  if (folders.length > 1) {
    throw inputFault(
      'is a second run, and the page shows one',
      folders[1],
      'Add --format latex, markdown or csv for a table of all of them',
    );
  }
  await writePage(folders[0], options);
}

const writePage = async (folder: string, { json, state, out }: ReportOptions): Promise<void> => {
  const run = await openAnalysed(folder);
  const analysis = await run.readAnalysis(state);
  const recommendations = recommendAll(analysis);
  const file = out ?? join(folder, 'report.html');
  await writeAtomically(file, await reportOf(run, analysis, recommendations));
  await print(
    json,
    () => ({ file, tasks: recommendations.map(({ task }) => task) }),
    () => [`Report: ${file}`],
  );
};

type Text = (table: ReturnType<typeof paperTable>, methods: string) => string;

/** A table and, where the format has text, how its numbers came about. */
const TEXTS = {
  latex: (table, methods) => `${latexTable(table)}\n${latexText(methods)}\n`,
  markdown: (table, methods) => `${markdownTable(table)}\n${methods}\n`,
  csv: (table) => csvTable(table),
} as const satisfies Record<Exclude<ReportOptions['format'], 'html'>, Text>;

const writeTable = async (
  folders: readonly string[],
  format: keyof typeof TEXTS,
  { json, state, out }: ReportOptions,
): Promise<void> => {
  const runs: PaperRun[] = [];
  for (const folder of folders) {
    const run = await openRun(folder);
    runs.push({ folder, record: run.record, analysis: await run.readAnalysis(state) });
  }
  const table = paperTable(runs);
  const methods = methodsParagraph(runs, table);
  const text = TEXTS[format](table, methods);
  if (out !== undefined) await writeAtomically(out, text);
  await print(
    json,
    () => ({ ...table, methods, ...(out === undefined ? {} : { file: out }) }),
    () => (out === undefined ? text.trimEnd().split(/\r?\n/) : [`Table: ${out}`]),
  );
};
