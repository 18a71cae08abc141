import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ModelDataSpec } from '../../../src/experiment/index.ts';
import { cutModel } from '../../../src/handover/cutModel.ts';
import type { Source } from '../../../src/sources/index.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';
import { openTokenizer } from '../../../src/sources/model/tokenizer.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** By makeTokenizers.py with the tokenizers library. */
const expected = JSON.parse(readFileSync(fixture('tokenizers/expected.json'), 'utf8')) as {
  texts: string[];
  most: number;
  tokenizers: Record<string, { whole: number[][]; cut: number[][] }>;
};

describe('a tokenizer', () => {
  it.each(Object.keys(expected.tokenizers))(
    'gives the tokens of the tokenizers library: %s',
    async (name) => {
      const tokenizer = await openTokenizer(fixture(`tokenizers/${name}.json`));
      const { whole, cut } = expected.tokenizers[name];
      expect(expected.texts.map((text) => tokenizer.encode(text, 1000))).toEqual(whole);
      expect(expected.texts.map((text) => tokenizer.encode(text, expected.most))).toEqual(cut);
    },
  );

  it.each([
    ['no JSON', '{', /is not valid JSON\. Give the tokenizer\.json that belongs to the model/],
    ['something else', '[1]', /is no tokenizer that is read here \(/],
    ['an unknown model', '{"model": {"type": "Elf"}}', /is no tokenizer that is read here \(/],
  ])('is refused: %s', async (_, text, message) => {
    const file = join(scratch, 'bad.json');
    writeFileSync(file, text);
    const fault = await faultOf(openTokenizer(file));
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });
});

const TEXTS = [
  'the cat sat',
  'a mat!',
  'the hat and the cat sat on a mat',
  'cats',
  'on',
  'a hat, a cat: sat!',
];
const samples = Array.from({ length: 12 }, (_, at) => ({
  text: TEXTS[at % TEXTS.length],
  animal: at % 3 === 0 ? 'cat' : 'none',
  score: String(at / 4),
  id: `row ${at}`,
  split: at % 4 === 0 ? 'test' : 'train',
}));
const NAMES = ['text', 'animal', 'score', 'id', 'split'] as const;

const open = (data: ModelDataSpec, model = join(scratch, 'tokens.onnx')) =>
  openModel(model, {
    name: 'model',
    seed: 0,
    testShare: 0.25,
    layers: 'all',
    data,
    threads: 1,
    baseDirectory: scratch,
  });

const text = (path: string, more: Partial<Extract<ModelDataSpec, { kind: 'text' }>> = {}): ModelDataSpec => ({
  kind: 'text',
  path,
  maxTokens: 512,
  ...more,
});

const rowsOf = async (source: Source, layer: string): Promise<number[]> => {
  const reader = await source.open(source.layers);
  const rows: number[] = [];
  for (const set of [source.splits.train, source.splits.test]) {
    for (const value of (await reader.read(set, 0, set.size)).get(layer)!.data) rows.push(value);
  }
  await reader.dispose();
  return rows;
};

const quoted = (value: string): string => `"${value}"`;

describe('a model of text', () => {
  cpSync(fixture('models/tokens.onnx'), join(scratch, 'tokens.onnx'));
  cpSync(fixture('tokenizers/wordpiece.json'), join(scratch, 'tokenizer.json'));
  const csv = [NAMES.join(','), ...samples.map((row) => NAMES.map((name) => quoted(row[name])).join(','))];
  writeFileSync(join(scratch, 'texts.csv'), `${csv.join('\n')}\n`);
  const tsv = [NAMES.join('\t'), ...samples.map((row) => NAMES.map((name) => row[name]).join('\t'))];
  writeFileSync(join(scratch, 'texts.tsv'), `${tsv.join('\n')}\n`);
  const jsonl = samples.map((row) => JSON.stringify({ ...row, score: Number(row.score) }));
  writeFileSync(join(scratch, 'texts.jsonl'), `${jsonl.join('\n')}\n`);

  it.each(['texts.csv', 'texts.tsv', 'texts.jsonl'])(
    'reads its texts, labels and split: %s',
    async (file) => {
      const { source, labels, assumed, close } = await open(text(file));
      expect(labels).toEqual(['animal', 'score']);
      const { train, test } = source.splits;
      expect([train.size, test.size]).toEqual([9, 3]);
      expect(test.factors).toMatchObject([
        { name: 'animal', kind: 'categorical', classes: ['cat', 'none'] },
        { name: 'score', kind: 'continuous', values: Float64Array.of(0, 1, 2) },
      ]);
      expect(assumed[0]).toMatch(
        /^texts: 12 of the column "text", at most 512 tokens each, by .*tokenizer\.json$/,
      );
      expect(source.layers.map(({ name }) => name)).toEqual(['embed', 'encoder/layers.0/norm2', 'hidden']);
      await close();
    },
  );

  it('gives the model the tokens of each text, with padding that is left out', async () => {
    const tokenizer = await openTokenizer(fixture('tokenizers/wordpiece.json'));
    const ids = samples.map((row) => tokenizer.encode(row.text, 512));
    const longest = Math.max(...ids.map(({ length }) => length));
    const filled = (value: (own: readonly number[], at: number) => number) => ({
      dtype: 'int64' as const,
      shape: [samples.length, longest],
      data: BigInt64Array.from(
        ids.flatMap((own) => Array.from({ length: longest }, (_, at) => BigInt(value(own, at)))),
      ),
    });
    const arrays = new Map([
      ['input_ids', filled((own, at) => own[at] ?? 0)],
      ['attention_mask', filled((own, at) => (at < own.length ? 1 : 0))],
      [
        'split',
        {
          dtype: 'int64' as const,
          shape: [samples.length],
          data: BigInt64Array.from(samples, ({ split }) => (split === 'test' ? 1n : 0n)),
        },
      ],
    ]);
    writeFileSync(join(scratch, 'tokens.npz'), await encodeNpz(arrays as never));
    const byText = await open(text('texts.csv'));
    const byArrays = await open({ kind: 'arrays', path: 'tokens.npz', inputs: {} });
    const [own, other] = [await rowsOf(byText.source, 'hidden'), await rowsOf(byArrays.source, 'hidden')];
    expect(own).toHaveLength(other.length);
    for (const [at, value] of own.entries()) expect(value).toBeCloseTo(other[at], 5);
    await byText.close();
    await byArrays.close();
  });

  it('is cut like any other', async () => {
    const { tapped, close } = await open(text('texts.csv'));
    const { inputs } = await cutModel(tapped.get('hidden')!, 1).finally(close);
    expect(inputs.map(({ name }) => name)).toEqual(['input_ids', 'attention_mask']);
  });

  it.each<[string, () => ModelDataSpec, RegExp]>([
    [
      'an unknown column',
      () => text('texts.csv', { text: 'words' }),
      /texts\.csv: has no column "words"\. Set "text" of the data to one of text, animal, score, id, split\.$/,
    ],
    [
      'no column that is called text',
      () => {
        writeFileSync(join(scratch, 'odd.csv'), 'a,b\nx,y\n');
        return text('odd.csv');
      },
      /odd\.csv: has no column that is called text\. Set "text" of the data to one of a, b\.$/,
    ],
    [
      'a line that is no object',
      () => {
        writeFileSync(join(scratch, 'odd.jsonl'), '{"text": "a"}\n[1]\n');
        return text('odd.jsonl');
      },
      /odd\.jsonl, line 2: is not a JSON object\. Write a JSON object on every line\.$/,
    ],
    [
      'a line without its text',
      () => {
        writeFileSync(join(scratch, 'odd.jsonl'), '{"text": "a"}\n\n{"text": null}\n');
        return text('odd.jsonl');
      },
      /odd\.jsonl, line 3: has no text or number "text"\. Give every line the same keys\.$/,
    ],
    [
      'no rows',
      () => {
        writeFileSync(join(scratch, 'none.csv'), 'text\n');
        return text('none.csv');
      },
      /none\.csv: has no rows\. Give a table with a row for each text\.$/,
    ],
    ['no tokenizer', () => text('texts.csv', { tokenizer: 'none.json' }), /none\.json: /],
  ])('refuses %s', async (_, data, message) => {
    const fault = await faultOf(open(data()));
    expect(fault.kind).toBe('input');
    expect(fault.message).toMatch(message);
  });

  it('needs a tokenizer beside it, or its name', async () => {
    const fault = await faultOf(open(text('texts.csv'), fixture('models/tokens.onnx')));
    expect(fault.message).toMatch(
      /tokens\.onnx: has no tokenizer\.json beside it\. Name one: add --tokenizer/,
    );
  });

  it('is no model of images', async () => {
    const model = join(scratch, 'residual.onnx');
    cpSync(fixture('models/residual.onnx'), model);
    const fault = await faultOf(open(text('texts.csv'), model));
    expect(fault.message).toMatch(/residual\.onnx: takes "image" with 4 axes, which no tokenizer gives\./);
  });
});
