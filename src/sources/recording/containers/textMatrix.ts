import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Checkpoint } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { inputFault, shown } from '../../../protocol/index.ts';

/** Whether text may begin a table of numbers, and not of labels: `1.5e-3 0 2`. */
export const looksLikeNumbers = (head: string): boolean => /^\s*[-+]?(?:\d|\.\d|nan|inf)/i.test(head);

/**
 * Numbers in text, as `numpy.savetxt` writes them: a row on each line, with spaces, tabs or commas between; lines that begin with # are
 * left out. One array, called as the file.
 */
export const openTextMatrix = async (path: string): Promise<Checkpoint> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw readFault(path, error);
  });
  const rows: number[][] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const fields = trimmed.split(/[\s,]+/);
    const row = fields.map(numberOf);
    const bad = row.indexOf(null);
    const remedy = 'Write a row of numbers on each line';
    if (bad >= 0) throw inputFault(`holds ${shown(fields[bad])}`, `${path}, line ${at + 1}`, remedy);
    if (rows.length > 0 && row.length !== rows[0].length) {
      throw inputFault(
        `has ${row.length} numbers beside ${rows[0].length} in the first row`,
        `${path}, line ${at + 1}`,
        remedy,
      );
    }
    rows.push(row as number[]);
  }
  const width = rows.at(0)?.length ?? 0;
  const data = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries()) data.set(row, at * width);
  const name = basename(path).replace(/\.[^.]*$/, '');
  const shape = [rows.length, width];
  return {
    path,
    format: 'text',
    metadata: new Map(),
    tensors: new Map([[name, { name, dtype: 'float64', shape, bytes: data.byteLength }]]),
    read: async () => ({ dtype: 'float64', shape, data }),
    ranges: () => async (begin, end) => data.subarray(begin, end),
    close: async () => {},
  };
};

const numberOf = (text: string): number | null => {
  const known: Record<string, number> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
    '+inf': Number.POSITIVE_INFINITY,
  };
  const value = known[text.toLowerCase()] ?? Number(text);
  return Number.isNaN(value) && text.toLowerCase() !== 'nan' ? null : value;
};
