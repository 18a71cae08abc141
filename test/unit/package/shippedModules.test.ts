import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { stageModules } from '../../../scripts/package/stage.mjs';
import { NATIVE_TARGETS } from '../../../scripts/package/targets.mjs';

// Away from this repository's own modules, so that only the staged ones can be found.
const folder = mkdtempSync(join(tmpdir(), 'pentimento-shipped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const here = `${process.platform}-${process.arch}`;

/** A protobuf field with text, a message or bytes. */
const field = (number: number, ...parts: (string | Buffer)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([8 * number + 2, content.length]), content]);
};
const varint = (number: number, value: number) => Buffer.from([8 * number, value]);

/** y = -x for one float, in ONNX's protobuf: https://onnx.ai/onnx/repo-docs/IR.html. */
function negation(): Buffer {
  const scalar = field(2, field(1, varint(1, 1), field(2, field(1, varint(1, 1)))));
  const node = field(1, field(1, 'x'), field(2, 'y'), field(4, 'Neg'));
  const graph = field(
    7,
    node,
    field(2, 'g'),
    field(11, field(1, 'x'), scalar),
    field(12, field(1, 'y'), scalar),
  );
  return Buffer.concat([varint(1, 8), graph, field(8, varint(2, 13))]);
}

const PROGRAM = `
  import { fileURLToPath } from 'node:url';
  import { Piscina } from 'piscina';
  import sharp from 'sharp';
  const model = Buffer.from(process.argv[2], 'base64');
  const negate = async (name, value) => {
    const { default: runtime } = await import(name);
    const session = await runtime.InferenceSession.create(model);
    const { y } = await session.run({ x: new runtime.Tensor('float32', [value], [1]) });
    return y.data[0];
  };
  const pixel = { create: { width: 2, height: 2, channels: 3, background: { r: 9, g: 8, b: 7 } } };
  const png = await sharp(pixel).png().toBuffer();
  const pool = new Piscina({ filename: fileURLToPath(new URL('worker.mjs', import.meta.url)) });
  const answer = {
    native: await negate('onnxruntime-node', 3),
    wasm: await negate('onnxruntime-web', 4),
    pixel: [...(await sharp(png).resize(1, 1).raw().toBuffer())],
    worker: await pool.run(20),
  };
  console.log(JSON.stringify(answer));
  process.exit();
`;

const hasRuntime = NATIVE_TARGETS.includes(here) && here !== 'darwin-x64';

it.skipIf(!hasRuntime)('what is shipped of each module is enough to run it', () => {
  stageModules(here, folder);
  writeFileSync(join(folder, 'worker.mjs'), 'export default (value) => value + 1;');
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  const output = execFileSync('node', ['program.mjs', negation().toString('base64')], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({ native: -3, wasm: -4, pixel: [9, 8, 7], worker: 21 });
});
