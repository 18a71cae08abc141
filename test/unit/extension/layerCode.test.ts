import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { layerCode } from '../../../extension/commands/layerCode.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const HOSTILE = 'a"\'\\\n\u0007\u001b[0m\u0085\u202e\u2028\u{e0041}é😀';

describe('code for a layer', () => {
  it('has nothing hidden in it, whatever the names are', () => {
    const code = layerCode(HOSTILE, HOSTILE);
    expect(code.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(code.split('\n')).toHaveLength(layerCode('run', 'layer').split('\n').length);
  });

  it.runIf(hasPython)('names the layer as Python reads it', () => {
    const [, name] = /session\.run\(\[(.*)\], /.exec(layerCode('run', HOSTILE)) ?? [];
    const { stdout } = spawnSync('python3', ['-c', `import json; print(json.dumps(${name}))`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toBe(HOSTILE);
  });
});
