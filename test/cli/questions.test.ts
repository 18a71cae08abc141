import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';
import { smallCnn } from './experiments.ts';

const workspace = new Workspace();
const ask = (questions: object): string =>
  workspace.write('asked.experiment.json', { ...smallCnn, ...questions });
const inspectAsked = (file: string) => ['inspect', 'run', '--experiment', file] as const;

beforeAll(async () => {
  const first = workspace.write('small.experiment.json', { ...smallCnn, epochs: 1, layers: ['head.2'] });
  await workspace.json('train', first, '--out', 'run');
});

describe('a trained run is asked something else', () => {
  it('other layers, tasks, groups and shifts, without training again', async () => {
    const file = ask({
      layers: ['encoder.pool'],
      downstream: [{ name: 'sort', factor: 'superclass' }],
      groups: ['superclass'],
      shifts: [{ name: 'no digits', strength: 0 }],
    });
    const analysis = await workspace.json<Analysis>(...inspectAsked(file));
    expect(analysis.layers.map(({ name }) => name)).toEqual(['encoder.pool']);
    const [{ probes }] = analysis.layers;
    expect([...new Set(probes.map(({ task }) => task))]).toEqual(['sort']);
    expect(probes[0].evaluations.map(({ on }) => on)).toEqual(['test', 'no digits']);
    expect(probes[0].evaluations[0].groups).toHaveLength(4);
    // Without the option the run's own questions are used again.
    const own = await workspace.json<Analysis>('inspect', 'run');
    expect(own.layers.map(({ name }) => name)).toEqual(['head.2']);
  });

  it('and a question that cannot be answered is a fault in that file', async () => {
    const file = ask({ layers: ['encoder.conv9'] });
    const [code, message] = await workspace.failure(...inspectAsked(file));
    expect(code).toBe(2);
    expect(message).toMatch(
      /^asked\.experiment\.json \/layers\/0: the model has no layer 'encoder\.conv9'\. /,
    );
  });
});
