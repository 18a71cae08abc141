import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeSafetensors, type NpyArray } from '../../src/checkpoint/index.ts';
import { Workspace } from '../cli/cli.ts';
import { encodeNpz } from '../unit/checkpoint/npyFiles.ts';

/**
 * Sets the title of a terminal, in two ways; clears it; changes the direction of text; ends the line and
 * erases the previous one.
 */
const HOSTILE = '\u001b]0;owned\u0007\u009b2J\u202e\u2028\r\nforged\u007f';
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u;

const workspace = new Workspace();
const FOLDER = `${HOSTILE} folder`;
const RUN = `${FOLDER}/run`;

/** What a command prints, on both streams. */
const said = async (...args: string[]): Promise<{ code: number | null; text: string }> => {
  const { code, stdout, stderr } = await workspace.run(...args);
  return { code, text: stdout + stderr };
};

const expectPlain = (text: string): void => {
  expect(text.length).toBeGreaterThan(1);
  expect(text.replaceAll('\n', '')).not.toMatch(HIDDEN);
  expect(text).not.toMatch(/^forged/m);
};

const samples = async (size: number): Promise<Uint8Array> => {
  const value = (i: number) => Math.sin(i * i) + (Math.floor(i / 4) % 2);
  const x: NpyArray = {
    dtype: 'float32',
    shape: [size, 4],
    data: Float32Array.from({ length: 4 * size }, (_, i) => value(i)),
  };
  const classes = Array.from({ length: size }, (_, i) => `${i % 2}${HOSTILE}`);
  const text: NpyArray = { dtype: 'string', shape: [size], data: classes };
  return encodeNpz(
    new Map<string, NpyArray>([
      ['x', x],
      ['y', text],
      [HOSTILE, text],
    ]),
  );
};

const experiment = {
  name: 'small',
  data: { kind: 'npz', train: 'train.npz', test: 'test.npz' },
  augmentation: [{ kind: 'gaussian-noise', sigma: 0.1 }],
  encoder: { kind: 'mlp', widths: [4] },
  head: { kind: 'mlp', widths: [3] },
  loss: { kind: 'nt-xent' },
  optimiser: { kind: 'adam', learningRate: 0.001 },
  epochs: 1,
  batchSize: 32,
  downstream: [{ name: HOSTILE, factor: HOSTILE, groups: [HOSTILE] }],
  shifts: [{ name: `shift ${HOSTILE}`, data: 'test.npz' }],
};

beforeAll(async () => {
  const file = workspace.write(`${FOLDER}/a.experiment.json`, experiment);
  workspace.write(`${FOLDER}/train.npz`, await samples(64));
  workspace.write(`${FOLDER}/test.npz`, await samples(64));
  const { code, text } = await said('train', file, '--out', RUN);
  expectPlain(text);
  if (code !== 0) throw new Error(text);
  const inspected = await said('inspect', RUN);
  expectPlain(inspected.text);
  if (inspected.code !== 0) throw new Error(inspected.text);
  const checkpoint = encodeSafetensors(
    new Map([[`${HOSTILE}.weight`, { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
  );
  writeFileSync(workspace.path(FOLDER, 'a.safetensors'), checkpoint);
});

const BROKEN = `${FOLDER}/broken`;

describe('no control character reaches the terminal', () => {
  it.each([
    ['recommend', 0, ['recommend', RUN]],
    ['recommend --json', 0, ['recommend', RUN, '--json']],
    ['recommend --task', 2, ['recommend', RUN, '--task', `no ${HOSTILE}`]],
    ['recommend --on', 2, ['recommend', RUN, '--on', `no ${HOSTILE}`]],
    ['inspect --json', 0, ['inspect', RUN, '--json']],
    ['inspect --checkpoint', 2, ['inspect', RUN, '--checkpoint', HOSTILE]],
    ['export', 0, ['export', RUN, '--layer', 'encoder.1', '--out', `${FOLDER}/a.onnx`]],
    ['export --layer', 2, ['export', RUN, '--layer', HOSTILE, '--out', `${FOLDER}/b.onnx`]],
    [
      'embed',
      0,
      ['embed', RUN, '--layer', 'encoder.1', '--data', `shift ${HOSTILE}`, '--out', `${FOLDER}/a.npz`],
    ],
    [
      'embed --json',
      0,
      ['embed', RUN, '--layer', 'encoder.1', '--data', 'test', '--out', `${FOLDER}/b.npz`, '--json'],
    ],
    [
      'embed --data',
      2,
      ['embed', RUN, '--layer', 'encoder.1', '--data', HOSTILE, '--out', `${FOLDER}/c.npz`],
    ],
    ['report', 0, ['report', RUN]],
    ['spectra', 0, ['spectra', `${FOLDER}/a.safetensors`]],
    ['spectra --json', 0, ['spectra', `${FOLDER}/a.safetensors`, '--json']],
    ['spectra --layers', 2, ['spectra', `${FOLDER}/a.safetensors`, '--layers', `no${HOSTILE}`]],
    ['spectra of nothing', 2, ['spectra', BROKEN]],
    ['train of nothing', 2, ['train', BROKEN]],
    ['theory', 2, ['theory', '--strengths', HOSTILE, '--noise', '1', '--layers', '2']],
    ['an unknown option', 2, ['spectra', `--${HOSTILE}`]],
    ['an unknown command', 2, [HOSTILE]],
  ] as const)('%s', async (_, code, args) => {
    const outcome = await said(...args);
    expectPlain(outcome.text);
    if (outcome.code !== code) throw new Error(`exit ${outcome.code}: ${outcome.text}`);
  });

  it('and --json gives the name as it is', async () => {
    const { layers } = await workspace.json<{ layers: { name: string }[] }>(
      'spectra',
      `${FOLDER}/a.safetensors`,
    );
    expect(layers.map(({ name }) => name)).toEqual([`${HOSTILE}.weight`]);
  });
});
