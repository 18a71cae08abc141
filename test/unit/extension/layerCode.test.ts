import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cutModelCode, layerCode } from '../../../extension/commands/layerCode.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const HOSTILE = 'a"\'\\\n\u0007\u001b[0m\u0085\u202e\u2028\u{e0041}é😀';

const python = (code: string): string =>
  spawnSync('python3', ['-c', code], { encoding: 'utf8', input: '' }).stdout;

describe.each([
  ['of a run', layerCode],
  ['of a model that was inspected', cutModelCode],
])('code for a layer %s', (_, codeOf) => {
  it('has nothing hidden in it, whatever the names are', () => {
    const code = codeOf(HOSTILE, HOSTILE);
    expect(code.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(code.split('\n')).toHaveLength(codeOf('run', 'layer').split('\n').length);
  });

  it.runIf(hasPython)('is Python', () => {
    const code = JSON.stringify(codeOf('run', HOSTILE));
    expect(python(`import ast, json; ast.parse(json.loads(${JSON.stringify(code)})); print("ok")`)).toBe(
      'ok\n',
    );
  });
});

describe('code for a layer of a run', () => {
  it.runIf(hasPython)('names the layer as Python reads it', () => {
    const [, name] = /session\.run\(\[(.*)\], /.exec(layerCode('run', HOSTILE)) ?? [];
    expect(JSON.parse(python(`import json; print(json.dumps(${name}))`))).toBe(HOSTILE);
  });
});
