import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { openCheckpoint } from '../../../src/checkpoint/index.ts';
import { siblingsOf } from '../../../src/checkpoint/siblings.ts';
import { summarise } from '../../../src/layers/index.ts';
import { encodeNpz } from './npyFiles.ts';
import { faultOf, scratchFolder } from './scratch.ts';

const FOLDER = join(import.meta.dirname, 'fixtures', 'foreign');

const whatOf = async (bytes: Uint8Array, name: string): Promise<string> => {
  const source = memorySource(bytes, name);
  return (await faultOf(openCheckpoint({ source, openSibling: siblingsOf(name) }))).message;
};

/** Files written by public tools, and how they are described. */
const FILES: readonly (readonly [file: string, what: string])[] = [
  ['__0_0.distcp', 'is a piece of a checkpoint of torch.distributed.checkpoint. Join the folder'],
  ['renamed.pt', 'is several archives of torch.save in one, as torch.distributed.checkpoint writes. Join'],
  ['.metadata', 'is the table of contents of a checkpoint of torch.distributed.checkpoint. Join'],
  ['package.pt', 'is an archive of torch.package, which holds a program. Load the model with torch.package'],
  ['state.pkl', 'is a plain Python pickle of PyTorch tensors. Load it in Python'],
  ['model.pkl', 'is a plain Python pickle of a PyTorch model. Load it in Python'],
  ['numpy_dict.pkl', 'is a plain Python pickle of NumPy arrays. Load it in Python'],
  ['lr.joblib', 'is a plain Python pickle of a scikit-learn model. Load it in Python'],
  ['flax_model.msgpack', 'is a MessagePack document, as Flax writes. Load it with flax.serialization'],
  ['plain.tar.gz', "is compressed with gzip. Unpack it ('gunzip FILE')"],
  ['plain.pt.zst', "is compressed with Zstandard. Unpack it ('zstd -d FILE')"],
  ['wrapped.zip', 'is a zip archive with "plain.pt" inside. Unpack it and open that file'],
  ['checkpoint.pth.tar', "is a tar archive. Unpack it ('tar -xf FILE')"],
  ['optimizer.pt', 'is the state of an optimiser, without weights. Open the checkpoint of the model'],
];

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const padded = (text: string, at = 0) =>
  Buffer.concat([Buffer.alloc(at, 1), latin1(text), Buffer.alloc(64, 7)]);

/** First bytes according to the specifications. */
const BYTES: readonly (readonly [name: string, bytes: Uint8Array, what: string])[] = [
  [
    'm.pt',
    latin1('<!DOCTYPE html>\n<html><body>Sign in</body></html>'),
    'is a web page, not the file itself',
  ],
  ['m.pt', latin1('\xef\xbb\xbf\n  <html lang="en">'), 'is a web page, not the file itself'],
  [
    'm.pt',
    latin1('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'),
    "is a server's error message",
  ],
  [
    'm.safetensors',
    latin1('Access to model a/b is restricted. You must be signed in.'),
    "is a server's refusal in words",
  ],
  ['m.safetensors', latin1('Repository not found'), "is a server's refusal in words"],
  ['m.safetensors', latin1('{"error":"Invalid credentials"}'), "is a server's error message"],
  ['m.safetensors', new Uint8Array(5000), 'holds only zeros: space that was set aside for a file'],
  [
    'm.safetensors',
    latin1('../../blobs/0f3a9c'),
    'is a link of the Hugging Face cache that was copied as a text',
  ],
  [
    'config.json',
    latin1('{"architectures":["A"],"model_type":"a"}'),
    'is the configuration of a model, without its weights',
  ],
  ['adapter_config.json', latin1('{"peft_type":"LORA","r":8}'), 'is the configuration of an adapter'],
  ['tokenizer.json', latin1('{"added_tokens":[]}'), 'describes a tokenizer'],
  ['a.json', latin1('{"a":1}'), 'is a JSON document, and no index of weights'],
  ['README.md', latin1('# A model'), 'is a text, not a file of weights'],
  ['checkpoint', latin1('model_checkpoint_path: "model.ckpt-1"'), 'names the latest TensorFlow checkpoint'],
  ['m.index', latin1('\0\0\x06\x08\x01\x1a\x02'), 'is the index of a TensorFlow checkpoint'],
  ['m.data-00000-of-00001', padded('\x01\x02'), 'holds the values of a TensorFlow checkpoint'],
  ['saved_model.pb', latin1('\x08\x01\x12\x02\x0a\x00'), 'is the graph of a TensorFlow SavedModel'],
  ['frozen.pb', padded('\x0a\x05'), 'is a TensorFlow graph or another protobuf message'],
  ['m.tflite', padded('TFL3', 4), 'is a TensorFlow Lite model'],
  ['m.ort', padded('ORTM', 4), 'is a model in the ORT format of onnxruntime'],
  ['m.pte', padded('ET12', 4), 'is an ExecuTorch program'],
  ['m.plan', padded('ftrt'), 'is a TensorRT engine'],
  ['m.bin', padded('lmgg'), 'is a ggml file, which came before GGUF'],
  ['m.bin', padded('tjgg'), 'is a ggjt file, which came before GGUF'],
  ['manifest.ocdbt', padded('\x0c\xdb\x3a\x2a'), 'is the manifest of an Orbax checkpoint'],
  ['m.mat', padded('MATLAB 5.0 MAT-file, Platform: GLNXA64'), 'is a MATLAB file of version 5 to 7'],
  ['m.parquet', padded('PAR1'), 'is a Parquet table'],
  ['m.arrow', padded('ARROW1\0\0'), 'is an Arrow table'],
  ['m.pdf', padded('%PDF-1.7'), 'is a PDF document'],
  ['m.png', padded('\x89PNG\r\n\x1a\n'), 'is a PNG image'],
  ['m.jpg', padded('\xff\xd8\xff\xe0'), 'is a JPEG image'],
  ['m.xz', padded('\xfd7zXZ\0'), 'is compressed with xz'],
  ['m.bz2', padded('BZh91AY'), 'is compressed with bzip2'],
  ['m.onnx_data', padded('\x05\x06'), 'holds values of an ONNX model. Open the .onnx file beside it'],
];

describe('a file that is no checkpoint', () => {
  it.each(FILES)('%s: %s', async (file, what) => {
    expect(await whatOf(readFileSync(join(FOLDER, file)), file)).toContain(`: ${what}`);
  });

  it.each(BYTES)('%s of %j: %s', async (name, bytes, what) => {
    expect(await whatOf(bytes, name)).toContain(`${name}: ${what}`);
  });

  it('says of an archive that was cut that it is cut, whatever is in it and wherever it ends', async () => {
    const message =
      'is cut short: a zip archive without its end, such as a download that broke off. Fetch the file again, or save it again.';
    for (const file of [
      'foreign/package.pt',

      'written/frozen.pt',
      'written/int8.keras',
    ]) {
      const whole = readFileSync(join(FOLDER, '..', file));
      for (const length of [30, whole.length >> 1, whole.length - 22, whole.length - 1]) {
        expect(await whatOf(whole.subarray(0, length), 'm.pt'), `${file} ${length}`).toBe(`m.pt: ${message}`);
      }
    }
    const npz = await encodeNpz(new Map([['x', { dtype: 'float64', shape: [1], data: Float64Array.of(1) }]]));
    expect(await whatOf(npz.subarray(0, npz.length - 30), 'm.npz')).toBe(`m.npz: ${message}`);
    // Space reserved for the rest.
    expect(await whatOf(Buffer.concat([npz.subarray(0, 100), Buffer.alloc(5000)]), 'm.npz')).toBe(
      `m.npz: ${message}`,
    );
  });

  it('is a MATLAB file, whose cells are parts without names of their own', async () => {
    const checkpoint = await openCheckpoint(join(FOLDER, '..', 'matlab.mat'));
    try {
      expect(checkpoint.format).toBe('MATLAB 7.3 (HDF5)');
      const { layers, skipped } = await summarise(checkpoint, 'reshape');
      expect(layers.map(({ name }) => name)).toEqual(['W1']);
      expect(skipped.map(({ name, reason }) => [name, reason])).toEqual([
        ['#refs#/a', 'is part of a MATLAB cell, structure or object, which its name does not tell'],
        ['#refs#/b', 'is part of a MATLAB cell, structure or object, which its name does not tell'],
        ['layers', 'holds reference values, which are not read here'],
      ]);
    } finally {
      await checkpoint.close();
    }
  });

  it('keeps the list of formats for what is not known', async () => {
    expect(await whatOf(padded('\x01\x02\x03'), 'm.bin')).toMatch(
      /^m\.bin: is in no format that is read here \(safetensors, /,
    );
  });

  it('is an unfinished download where its name says so and it cannot be read', async () => {
    const cut = Buffer.concat([latin1('\xd0\0\0\0\0\0\0\0'), latin1('{"a":{"dtype"')]);
    expect(await whatOf(cut, 'm.safetensors.incomplete')).toBe(
      'm.safetensors.incomplete, byte 0: is an unfinished download, which claims a header of 208 bytes and has 13. Let the download end, or fetch the file again.',
    );
  });

  it('says of a folder what to name in it', async () => {
    const folder = scratchFolder();
    const messageOf = async (name: string, files: readonly string[]) => {
      const path = join(folder, name);
      await mkdir(path);
      for (const file of files) await writeFile(join(path, file), '');
      return (await faultOf(openCheckpoint(path))).message.replaceAll(folder, '');
    };
    expect(await messageOf('hf', ['config.json', 'a.safetensors', 'model.safetensors.index.json'])).toBe(
      '/hf: is a folder. Use a file in it, such as "/hf/model.safetensors.index.json".',
    );
    expect(await messageOf('dcp', ['.metadata', '__0_0.distcp'])).toContain(
      '/dcp: is the folder of a checkpoint of torch.distributed.checkpoint. Join the folder in Python',
    );
    expect(await messageOf('orbax', ['_METADATA', 'd'])).toContain('is the folder of an Orbax checkpoint');
    expect(await messageOf('saved', ['saved_model.pb'])).toContain(
      'is the folder of a TensorFlow SavedModel',
    );
    expect(await messageOf('none', [])).toContain('is a folder without a file of weights');
  });
});
