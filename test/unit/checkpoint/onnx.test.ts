import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, fileSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { OpenSibling } from '../../../src/checkpoint/checkpoint.ts';
import { ONNX } from '../../../src/checkpoint/onnx/onnx.ts';
import { siblingsOf } from '../../../src/checkpoint/siblings.ts';
import { Fault, inputFault } from '../../../src/protocol/index.ts';
import { faultOf } from './scratch.ts';

const CORPUS = join(import.meta.dirname, '../../corpus/onnx');
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(CORPUS, file)));
const alone: OpenSibling = async (name) => {
  throw inputFault('there is no such file', name, 'Check the path');
};
const openBytes = (bytes: Uint8Array) => ONNX.open(memorySource(bytes, 'm.onnx'), alone);
const openFile = async (file: string) => {
  const path = join(CORPUS, file);
  return ONNX.open(await fileSource(path), siblingsOf(path));
};
const isMine = (bytes: Uint8Array) => ONNX.isMine(bytes.subarray(0, 4096), memorySource(bytes));

// Protobuf by hand, for models that are built here.
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const number = (field: number, value: number) => Buffer.from([...varint(8 * field), ...varint(value)]);
const message = (field: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...varint(8 * field + 2), ...varint(data.length)]), data]);
};
const modelOf = (...fields: readonly Uint8Array[]) => Buffer.concat([number(1, 8), message(7, ...fields)]);
const emptyTensor = (name: string) => message(5, number(1, 0), number(2, 1), message(8, name));

describe('ONNX', () => {
  it.each(['raw', 'fields', 'graphs', 'external', 'wire'])('knows %s.onnx for its own', async (file) => {
    expect(await isMine(bytesOf(`${file}.onnx`))).toBe(true);
  });

  it('knows a model that is cut off for its own, wherever that is after the start of its graph', async () => {
    const bytes = bytesOf('fields.onnx');
    for (let length = 24; length < bytes.length; length += 7) {
      expect(await isMine(bytes.subarray(0, length))).toBe(true);
    }
  });

  it.each([
    ['nothing', []],
    ['zeros', new Array(64).fill(0)],
    ['text', [...Buffer.from('{"format": "layers-model"}')]],
    ['a saved model of TensorFlow', [8, 1, 0x12, 3, 10, 1, 65]],
    ['a model without a graph', [8, 8, 0x12, 1, 65]],
    ['a graph that is a number', [8, 8, 56, 3]],
    ['a graph without a version', [...message(7, emptyTensor('w'))]],
    ['a zip', [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]],
  ])('leaves %s to others', async (_, bytes) => {
    expect(await isMine(Uint8Array.from(bytes))).toBe(false);
  });

  const nodeOf = (
    operator: string,
    inputs: readonly string[],
    output: string,
    ...rest: readonly Uint8Array[]
  ) =>
    message(1, ...inputs.map((name) => message(1, name)), message(2, output), message(4, operator), ...rest);
  const usesIn = async (...fields: readonly Uint8Array[]) => {
    const { tensors } = await openBytes(modelOf(...fields));
    return Object.fromEntries(
      [...tensors.values()].map(({ name, usedBy }) => [
        name,
        usedBy?.by === 'ONNX' ? `${usedBy.operator} ${usedBy.input}` : null,
      ]),
    );
  };

  it('says which operator takes a tensor, as which input', async () => {
    expect(
      await usesIn(
        nodeOf('Conv', ['x', 'k', 'b'], 'y'),
        nodeOf('LSTM', ['y', 'W', 'R', '', '', 'h'], 'z'),
        nodeOf('Relu', ['unused'], 'u'),
        ...['k', 'b', 'W', 'R', 'h', 'unused'].map(emptyTensor),
      ),
    ).toEqual({ k: 'Conv 1', b: 'Conv 2', W: 'LSTM 1', R: 'LSTM 2', h: 'LSTM 5', unused: null });
  });

  it('follows what is handed on, and axes that are exchanged only into products', async () => {
    expect(
      await usesIn(
        nodeOf('Cast', ['k'], 'k2'),
        nodeOf('Identity', ['k2'], 'k3'),
        nodeOf('Conv', ['x', 'k3'], 'y'),
        nodeOf('Transpose', ['m'], 'm2'),
        nodeOf('MatMul', ['y', 'm2'], 'z'),
        nodeOf('Transpose', ['t'], 't2'),
        nodeOf('Conv', ['x', 't2'], 'w'),
        ...['k', 'm', 't'].map(emptyTensor),
      ),
    ).toEqual({ k: 'Conv 1', m: 'MatMul 1', t: null });
  });

  it('finds the use of a tensor in a graph within the graph', async () => {
    const graph = message(5, message(1, 'body'), message(6, nodeOf('GRU', ['x', 'W'], 'y')));
    expect(await usesIn(nodeOf('Loop', ['n'], 'z', graph), emptyTensor('W'))).toEqual({ W: 'GRU 1' });
  });

  it('says what the model says of itself', async () => {
    const { metadata, format, close } = await openFile('graphs.onnx');
    await close();
    expect(format).toBe('ONNX');
    expect([...metadata.keys()]).toEqual([
      'producer',
      'ir version',
      'opset',
      'description',
      'author',
      'metadata_props.opset',
    ]);
    expect(metadata.get('producer')).toBe('corpus 1');
    expect([metadata.get('ir version'), metadata.get('opset')]).toEqual(['10', '21']);
    expect(metadata.get('description')).toBe(`${'A model of names. '.repeat(200).slice(0, 2000)}…`);
  });

  it('lists what it does not read, and why', async () => {
    const reasons = async (file: string) => {
      const checkpoint = await openFile(file);
      await checkpoint.close();
      const unread = [...checkpoint.tensors.values()].filter(({ unreadable }) => unreadable !== undefined);
      return Object.fromEntries(unread.map(({ name, unreadable }) => [name, unreadable]));
    };
    const notRead = (type: string) => `has the data type ${type}, which is not read here`;
    const types = { complex: notRead('COMPLEX64'), text: notRead('STRING'), six: notRead('FLOAT6E2M3') };
    expect(await reasons('raw.onnx')).toEqual(types);
    expect(await reasons('fields.onnx')).toEqual(types);
    const sparse = 'is a sparse tensor, which is not read here';
    expect(await reasons('graphs.onnx')).toEqual({ text: notRead('STRING'), sparse, thin: sparse });
    const at = 'has its values in the file "data/external.bin"';
    const outside = (name: string) =>
      `has its values in the file ${JSON.stringify(name)}, which is not in the model's folder`;
    expect(await reasons('external.onnx')).toEqual({
      missing: 'has its values in the file "missing.bin" (there is no such file)',
      outside: outside('../graphs.onnx'),
      'hidden outside': outside('data/../../x'),
      backslash: outside('..\\x'),
      absolute: outside('/etc/passwd'),
      drive: outside('C:\\x'),
      folder: 'has its values in the file "data" (is not a file)',
      beyond: `${at}, 24 bytes from byte 40, and it ends at byte 48`,
      far: `${at}, 24 bytes from byte 9007199254740991, and it ends at byte 48`,
      negative: `${at} at the offset "-8", which is not a number`,
      huge: `${at} at the offset "99999999999999999999", which is not a number`,
      short: `${at} in 23 bytes, where its shape takes 24`,
      words: `${at} with the length "all", which is not a number`,
      nameless: 'has its values in another file, which is not named',
    });
  });

  it('refuses to read what it lists as unreadable, and what is not there', async () => {
    const checkpoint = await openFile('external.onnx');
    const path = join(CORPUS, 'external.onnx');
    const { message: unread } = await faultOf(checkpoint.read('missing'));
    expect(unread).toMatch(/^.*external\.onnx, byte \d+: has tensor "missing", which has its values in/);
    expect((await faultOf(checkpoint.read('none'))).message).toBe(
      `${path}: has no tensor "none". Use one of its tensors.`,
    );
    await checkpoint.close();
  });

  it('knows tied tensors in another file', async () => {
    const { tensors, close } = await openFile('external.onnx');
    expect(tensors.get('tied')?.storage).toBe(tensors.get('a')?.storage);
    expect(tensors.get('half')?.storage).not.toBe(tensors.get('a')?.storage);
    await close();
  });

  it('refuses another file that has become shorter since', async () => {
    const blob = new Uint8Array(readFileSync(join(CORPUS, 'data/external.bin')));
    const siblings = [blob, blob, blob.subarray(0, 20)];
    const source = memorySource(bytesOf('external.onnx'), 'm.onnx');
    const checkpoint = await ONNX.open(source, async (name) => {
      if (name !== 'data/external.bin') return alone(name);
      return memorySource(siblings.shift() as Uint8Array, name);
    });
    expect((await checkpoint.read('a')).data.length).toBe(6);
    expect((await faultOf(checkpoint.read('a'))).message).toBe(
      'data/external.bin: has become shorter than 32 bytes. Open the model again.',
    );
  });

  it('lists the tensors of a model that was stripped of its weights', async () => {
    const checkpoint = await openBytes(
      modelOf(
        message(5, number(1, 3), number(2, 1), message(8, 'w')),
        message(5, number(1, 3), number(2, 1), message(8, 'emptied'), message(9)),
        emptyTensor('none'),
      ),
    );
    expect(checkpoint.tensors.get('emptied')?.unreadable).toBe('has no values in the file');
    expect(checkpoint.tensors.get('w')).toMatchObject({
      shape: [3],
      unreadable: 'has no values in the file',
    });
    expect((await checkpoint.read('none')).data).toEqual(new Float32Array(0));
  });

  it('gives each tensor a name of its own', async () => {
    const constant = (output: string) =>
      message(
        1,
        message(2, output),
        message(4, 'Constant'),
        message(5, message(1, 'value_int'), number(3, 4)),
      );
    const { tensors } = await openBytes(
      modelOf(constant('c'), constant('c'), constant('c (2)'), constant('c'), emptyTensor('c')),
    );
    expect([...tensors.keys()]).toEqual(['c', 'c (2)', 'c (2) (2)', 'c (3)', 'c (4)']);
  });

  it('says what is wrong with a model without a graph', async () => {
    const remedy = 'The file is damaged or not an ONNX model: fetch or export it again.';
    expect((await faultOf(openBytes(number(1, 8)))).message).toBe(`m.onnx, byte 0: has no graph. ${remedy}`);
    expect((await faultOf(openBytes(Buffer.concat([number(1, 8), number(7, 1)])))).message).toBe(
      `m.onnx, byte 2: has the graph as a varint, not as a string or message. ${remedy}`,
    );
  });

  it('refuses more tensors than it can keep', async () => {
    const crowd = Buffer.alloc(2 * 100_001, message(5));
    expect((await faultOf(openBytes(modelOf(crowd)))).message).toMatch(/: has more than 100000 tensors\./);
  });

  it('skips the values of a model larger than memory', async () => {
    const GIB = 2 ** 30;
    const sized = (field: number, size: number, head: Uint8Array) =>
      Buffer.concat([Buffer.from([...varint(8 * field + 2), ...varint(size + head.length)]), head]);
    const raw = Buffer.from([...varint(8 * 9 + 2), ...varint(4 * GIB)]);
    const head = (name: string) =>
      sized(5, 4 * GIB, Buffer.concat([number(1, GIB), number(2, 1), message(8, name), raw]));
    const [first, second] = [head('a'), head('b')];
    const start = Buffer.concat([
      number(1, 8),
      sized(7, 8 * GIB + first.length + second.length, Buffer.alloc(0)),
    ]);
    // Four GiB of zeros are between the two heads, and after the second.
    const parts: readonly [number, Uint8Array][] = [
      [0, Buffer.concat([start, first])],
      [start.length + first.length + 4 * GIB, second],
    ];
    let taken = 0;
    const source: ByteSource = {
      name: 'large.onnx',
      size: start.length + first.length + second.length + 8 * GIB,
      read: async (offset, length) => {
        taken += length;
        const bytes = new Uint8Array(length);
        for (const [at, part] of parts) {
          for (let i = Math.max(at, offset); i < Math.min(at + part.length, offset + length); i++) {
            bytes[i - offset] = part[i - at];
          }
        }
        return bytes;
      },
      close: async () => {},
    };
    expect(await ONNX.isMine(await source.read(0, 4096), source)).toBe(true);
    const { tensors } = await ONNX.open(source, alone);
    expect([...tensors.values()].map(({ name, shape, bytes }) => [name, shape, bytes])).toEqual([
      ['a', [GIB], 4 * GIB],
      ['b', [GIB], 4 * GIB],
    ]);
    expect(taken).toBeLessThan(100_000);
  });

  it('closes its file when it is closed and when it cannot be opened', async () => {
    let closed = 0;
    const source = (bytes: Uint8Array): ByteSource => ({
      ...memorySource(bytes),
      close: async () => void closed++,
    });
    const checkpoint = await ONNX.open(source(bytesOf('wire.onnx')), alone);
    expect(closed).toBe(0);
    await checkpoint.close();
    expect(closed).toBe(1);
    await faultOf(ONNX.open(source(Uint8Array.of(8)), alone));
    expect(closed).toBe(2);
  });

  it.each(['raw', 'fields', 'graphs', 'external', 'wire'])(
    'reads or refuses %s.onnx with any bytes changed, and throws nothing else',
    async (file) => {
      const good = bytesOf(`${file}.onnx`);
      const change = fc.record({ at: fc.nat(good.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
      const changes = fc.array(change, { minLength: 1, maxLength: 4 });
      const outcomes = new Set<string>();
      const cut = fc.option(fc.nat(good.length), { nil: good.length });
      const property = fc.asyncProperty(changes, cut, async (edits, length) => {
        const bytes = good.slice();
        for (const { at, byte } of edits) bytes[at] = byte;
        const damaged = bytes.subarray(0, length);
        await isMine(damaged);
        const opened = await openBytes(damaged).catch((error: unknown) => error);
        if (opened instanceof Error) {
          expect(opened).toBeInstanceOf(Fault);
          expect(opened.message).not.toMatch(/\n/);
          outcomes.add('refused');
          return;
        }
        const { tensors, read } = opened as Awaited<ReturnType<typeof openBytes>>;
        for (const { name, shape } of tensors.values()) {
          const tensor = await read(name).catch((error: unknown) => error);
          if (tensor instanceof Error) expect(tensor).toBeInstanceOf(Fault);
          else {
            expect(tensor).toMatchObject({ shape });
            outcomes.add('read');
          }
        }
      });
      await fc.assert(property, { numRuns: 150, seed: 4 });
      if (file !== 'external') expect([...outcomes].sort()).toEqual(['read', 'refused']);
    },
  );
});
