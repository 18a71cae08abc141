import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis, Recommendation } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';
import { integers, matrix, npz } from './dataFiles.ts';
import { smallCnn } from './experiments.ts';

/** Pictures of one grey each, dark and light in turn. */
const pixels = (count: number): Float32Array =>
  Float32Array.from({ length: count * 32 * 32 }, (_, at) => {
    const picture = Math.floor(at / (32 * 32));
    return (picture % 2 === 0 ? 0.2 : 0.8) + 0.002 * picture;
  });

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

  it('on labelled samples of a shift, and of files that the encoder never saw', async () => {
    // Light and dark pictures: every layer tells them apart.
    const size = 40;
    const pictures = await npz({
      x: { dtype: 'float32', shape: [size, 32, 32, 1], data: pixels(size) },
      y: integers(Array.from({ length: size }, (_, i) => i % 2)),
    });
    workspace.write('own.npz', pictures);
    const file = ask({
      layers: ['encoder.pool'],
      downstream: [
        { name: 'light', factor: 'label', data: { kind: 'npz', train: 'own.npz', test: 'own.npz' } },
        { name: 'sort', factor: 'superclass' },
        { name: 'sort without digits', factor: 'superclass', split: 'no digits' },
      ],
      shifts: [{ name: 'no digits', strength: 0 }],
    });
    const analysis = await workspace.json<Analysis>(...inspectAsked(file));
    expect(analysis.cautions).toEqual([
      '40 of 40 test samples of light are also labelled samples of it: accuracies on them are too high',
      '1 of 4 classes of sort without digits has fewer than 5 labelled samples: probes of some folds do not know it',
    ]);
    const [{ probes, featureWeights }] = analysis.layers;
    const usual = probes.filter(({ method }) => method === 'logistic-standardised');
    expect(usual.map(({ task, outOfFold }) => [task, outOfFold?.on, outOfFold?.samples])).toEqual([
      ['light', 'own', 40],
      ['sort', 'train', 256],
      ['sort without digits', 'own', 50],
    ]);
    expect(usual.map(({ evaluations }) => evaluations.map(({ on, samples }) => [on, samples]))).toEqual([
      [['test', 40]],
      [
        ['test', 100],
        ['no digits', 100],
      ],
      [['test', 50]],
    ]);
    expect(usual[0].outOfFold?.accuracy).toBe(1);
    // Feature weights are those of the run's own factors.
    const superclass = featureWeights.find(({ feature }) => feature === 'superclass')!;
    expect(superclass.information).toEqual(usual[1].outOfFold?.information);
    const recommended = await workspace.json<Recommendation>(
      'recommend',
      'run',
      '--task',
      'sort without digits',
    );
    expect(recommended.reason).toContain('out of fold (50 labelled samples of the task in 5 folds)');
  });

  it('and samples of another shape are a fault at the data of the task', async () => {
    workspace.write('flat.npz', await npz({ x: matrix(10, 3, (i) => i), y: integers(Array(10).fill(0)) }));
    const data = { kind: 'npz', train: 'flat.npz', test: 'flat.npz' };
    const file = ask({ downstream: [{ name: 'flat', factor: 'label', data }] });
    const [code, message] = await workspace.failure(...inspectAsked(file));
    expect(code).toBe(2);
    expect(message).toMatch(
      /^asked\.experiment\.json \/downstream\/0\/data: the data of the task has samples of 3, train of 32 x 32 x 1\. /,
    );
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
