import type { ModelDataSpec } from '../../experiment/index.ts';
import { formatCount, inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray, ModelPort } from '../../runtime/index.ts';
import type { RecordedColumn } from '../recording/recordedColumns.ts';
import { asType } from './arrayInputs.ts';
import type { ModelInputs } from './modelInputs.ts';
import { readTextTable, type TextTable } from './textTable.ts';
import { openTokenizer, tokenizerBeside } from './tokenizer.ts';

type TextSpec = Extract<ModelDataSpec, { kind: 'text' }>;

/** What an input of a model of text is given. */
type Part = 'ids' | 'mask' | 'types' | 'positions';

/** A model of text. */
interface TextModel {
  readonly path: string;
  readonly ports: readonly ModelPort[];
}

/** Columns that are probably the text, in this order. */
const TEXT_NAMES = [
  ...['text', 'sentence', 'content', 'review', 'document', 'body', 'comment', 'tweet', 'question'],
  ...['utterance', 'premise', 'title', 'sequence', 'smiles'],
];

/**
 * The texts of a table as token numbers, each batch filled up to its longest text; the other columns are labels, and one called split is
 * the split.
 * @throws Fault (input) for a table without a column of texts, a tokenizer that is none, and inputs that are not of tokens.
 */
export const textInputs = async (
  path: string,
  { path: model, ports }: TextModel,
  { text: asked, tokenizer: named, maxTokens }: TextSpec,
): Promise<ModelInputs> => {
  const parts = new Map(ports.map((port) => [port, partOf(port, model)]));
  const file = named ?? (await tokenizerBeside(model));
  if (file === null) {
    throw inputFault(
      'has no tokenizer.json beside it',
      model,
      'Name one: add --tokenizer, or "tokenizer" to the data',
    );
  }
  const tokenizer = await openTokenizer(file);
  const table = await readTextTable(path);
  const column = textColumn(table, asked);
  const texts = await table.texts(column);
  const most = lengthOf(ports) ?? maxTokens;
  const encoded = new Array<readonly number[] | undefined>(texts.length);
  const idsOf = (sample: number): readonly number[] => {
    encoded[sample] ??= tokenizer.encode(texts[sample], most);
    return encoded[sample];
  };
  const mask = [...parts].find(([, part]) => part === 'mask')?.[0].name ?? null;
  const { split, ...labels } = await columnsOf(table, column);
  return {
    samples: texts.length,
    sampleNames: null,
    columns: new Map(Object.entries(labels)),
    split: split ?? null,
    splitNames: null,
    batch: async (begin, end) => {
      const rows = Array.from({ length: end - begin }, (_, at) => idsOf(begin + at));
      const length = lengthOf(ports) ?? rows.reduce((longest, ids) => Math.max(longest, ids.length), 1);
      const batch: Record<string, ModelArray> = {};
      for (const [{ name, type }, part] of parts) {
        const values = rows.flatMap((ids) => filled(ids, length, part, tokenizer.padding));
        batch[name] = { type, shape: [rows.length, length], data: asType(values, type, path) };
      }
      return batch;
    },
    // Without a mask, padding would be read as text: samples are then read one by one.
    atOnce: mask === null && lengthOf(ports) === null ? 1 : null,
    mask,
    images: null,
    assumed: [
      `texts: ${formatCount(texts.length)} of the column ${shown(column)}, at most ${formatCount(most)} tokens each, by ${file}`,
    ],
    close: async () => {},
  };
};

/** @throws Fault (input) for an input that no tokenizer has numbers for. */
const partOf = ({ name, shape }: ModelPort, model: string): Part => {
  const isFlat = shape.length === 2;
  if (isFlat && /mask/i.test(name)) return 'mask';
  if (isFlat && /type|segment/i.test(name)) return 'types';
  if (isFlat && /position/i.test(name)) return 'positions';
  if (isFlat && /ids?$|token|input/i.test(name)) return 'ids';
  throw inputFault(
    `takes ${shown(name)} with ${shape.length} axes, which no tokenizer gives`,
    model,
    'Give it arrays by the names of its inputs: an .npz file',
  );
};

/** The number of tokens of a model that takes no other. */
const lengthOf = (ports: readonly ModelPort[]): number | null =>
  ports.map(({ shape }) => shape[1]).find((extent) => extent !== null && extent !== undefined) ?? null;

const filled = (ids: readonly number[], length: number, part: Part, padding: number): number[] =>
  Array.from({ length }, (_, at) => {
    if (part === 'ids') return ids[at] ?? padding;
    if (part === 'mask') return at < ids.length ? 1 : 0;
    return part === 'positions' ? at : 0;
  });

/** The column that is asked for, one with a usual name, or the only one. */
const textColumn = ({ path, names }: TextTable, asked: string | undefined): string => {
  const usual = TEXT_NAMES.find((name) => names.some((own) => own.toLowerCase() === name));
  const found =
    asked ?? names.find((own) => own.toLowerCase() === usual) ?? (names.length === 1 ? names[0] : undefined);
  if (found !== undefined && names.includes(found)) return found;
  throw inputFault(
    asked === undefined ? 'has no column that is called text' : `has no column ${shown(asked)}`,
    path,
    `Set "text" of the data to one of ${names.slice(0, 20).join(', ')}`,
  );
};

/** The other columns but those that name their rows: with hardly a value twice. */
const columnsOf = async (table: TextTable, text: string): Promise<Record<string, RecordedColumn>> => {
  const columns: Record<string, RecordedColumn> = {};
  for (const name of table.names) {
    if (name === text || name === '') continue;
    const values = await table.texts(name);
    const isNumber = values.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
    const distinct = new Set(values).size;
    const isName =
      distinct > Math.max(2, table.rows / 2) && !(isNumber && values.some((value) => value.includes('.')));
    if (isName) continue;
    columns[name] = {
      where: `${table.path}, column ${shown(name)}`,
      read: async () => ({ kind: 'texts', values: values.map((value) => value.trim()) }),
    };
  }
  return columns;
};
