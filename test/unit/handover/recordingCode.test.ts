import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordingCode } from '../../../src/handover/recordingCode.ts';
import { importedFramework, RECORDING_FRAMEWORKS } from '../../../src/protocol/recordingCode.ts';
import { faultOf } from '../checkpoint/scratch.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const names = RECORDING_FRAMEWORKS.map(({ name }) => name);

describe('code that records activations', () => {
  it('is there for every framework, and for no other', () => {
    const folder = fileURLToPath(new URL('../../../media/code/record', import.meta.url));
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.py`).sort());
  });

  it.each(names)('writes our layout: %s', async (name) => {
    const code = await recordingCode(name);
    expect(code).toMatch(/f"layers\/\{i:03\}\./);
    expect(code).toMatch(/"labels\/(?:label|class)": .*"activations\.safetensors"\)\n$/);
    // Short enough to be read before it is run.
    expect(code.trimEnd().split('\n').length).toBeLessThan(24);
    expect(Math.max(...code.split('\n').map(({ length }) => length))).toBeLessThan(140);
  });

  it.runIf(hasPython).each(names)('is Python: %s', async (name) => {
    const { status } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: await recordingCode(name),
    });
    expect(status).toBe(0);
  });

  it.runIf(hasPython).each(names)('keeps one layer alone, whatever its name: %s', async (name) => {
    // Of a pooling of it, the layer; a name that would end the text, with a character that hides.
    const layer = 'blocks."3".\\out\u202e:mean';
    const code = await recordingCode(name, layer);
    const [kept] = code.split('\n').filter((line) => line.endsWith('# the layer to keep'));
    const program = `
arrays = {"layers/000.embedding": 1, 'layers/001.blocks."3".\\\\out\\u202e': 2, 'layers/002.blocks."3".\\\\out': 3}
${kept}
print(arrays == {'layers/001.blocks."3".\\\\out\\u202e': 2})`;
    const { stdout } = spawnSync('python3', ['-c', program], { encoding: 'utf8' });
    expect(stdout).toBe('True\n');
    expect(code.indexOf(kept)).toBeLessThan(code.indexOf('save_file({'));
  });

  it('is refused for another framework, with the names', async () => {
    const fault = await faultOf(recordingCode('../../package'));
    expect(fault.message).toMatch(
      /^--for: there is no code for "\.\.\/\.\.\/package"\. Choose from jax, keras, nnsight, /,
    );
  });
});

describe('the framework that code imports', () => {
  it.each([
    ['import torch\nfrom transformers import AutoModel\n', 'transformers'],
    ['from sentence_transformers import SentenceTransformer\nimport transformers\n', 'sentence-transformers'],
    ['import torch.nn as nn\n', 'torch'],
    ['    import keras\n', 'keras'],
    ['import torchmetrics\n# import torch\n', null],
    ['', null],
  ])('of %j is %s', (code, framework) => {
    expect(importedFramework(code)).toBe(framework);
  });
});
