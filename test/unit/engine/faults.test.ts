import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { EngineJobs } from '../../../src/protocol/index.ts';
import { Bench, labelled, population, sampled } from './experiments.ts';
import { Host } from './host.ts';

const bench = new Bench();
const host = new Host();
afterAll(() => host.close());
beforeAll(() => bench.writeLabelledData());

describe('a fault crosses the wire whole', () => {
  it('with the file and the place in it that a wrong label stands at', async () => {
    const params = bench.training('label', labelled({ loss: { kind: 'cross-entropy', label: 'nope' } }));
    const { code, message, data } = await host.failure('train', params);
    expect(code).toBe(1);
    expect(data).toEqual({
      kind: 'input',
      what: "the data has no categorical factor 'nope'",
      where: `${params.file} /loss/label`,
      remedy: 'Use one of: label',
    });
    expect(message).toBe(
      `${params.file} /loss/label: the data has no categorical factor 'nope'. Use one of: label.`,
    );
    expect(existsSync(params.folder)).toBe(false);
  });

  it('with the line of a file that is not an experiment', async () => {
    const params = bench.training('syntax', { name: 'nothing else' });
    const { code, data } = await host.failure('train', params);
    expect([code, data!.kind]).toEqual([1, 'input']);
    expect(data!.where).toContain(params.file);
  });

  it('with the file that is not there', async () => {
    const file = bench.path('absent.experiment.json');
    const { code, data } = await host.failure('train', { ...bench.training('none', population()), file });
    expect([code, data!.kind, data!.where]).toEqual([1, 'input', file]);
  });

  it('as a failed run when the loss diverges', async () => {
    const params = bench.training('diverging', sampled({ optimiser: { kind: 'sgd', learningRate: 1e9 } }));
    const { code, data } = await host.failure('train', params);
    expect(code).toBe(1);
    expect(data).toMatchObject({ kind: 'run', where: params.folder });
    expect(data!.what).toMatch(/^(the loss became|.+ overflowed) /);
    expect(data!.remedy).toContain('/optimiser/learningRate');
  });

  it('and is not taken for a cancellation that came before it', async () => {
    // The first step overflows; it is taken after the cancellation that ends the pause.
    const wild = population({ optimiser: { kind: 'sgd', learningRate: 1e40 } });
    const params = bench.training('wild', wild);
    const source = new CancellationTokenSource();
    const failing = host.failure('train', params, {
      token: source.token,
      onEvent: ({ kind }) => kind === 'paused' && source.cancel(),
    });
    host.notify('pause', params.folder);
    const { data } = await failing;
    expect(data).toMatchObject({ kind: 'run', where: params.folder });
    expect(data!.what).toMatch(/at step 1 /);
    expect(existsSync(bench.path('wild', 'checkpoints', 'last.safetensors'))).toBe(false);
  });

  it('when the folder holds another run', async () => {
    const params = bench.training('taken', population());
    await host.run('train', params);
    const { code, data } = await host.failure('train', params);
    expect(code).toBe(1);
    expect(data).toMatchObject({ kind: 'input', what: 'already contains a run', where: params.folder });
  });
});

it('a defect is told apart from a fault, with its stack', async () => {
  const nothing = null as unknown as EngineJobs['train']['params'];
  const { code, data } = await host.failure('train', nothing);
  expect(code).toBe(2);
  expect(data).toEqual({ stack: expect.stringContaining('TypeError') });
});

it('goes on serving after failures', async () => {
  const result = await host.run('train', bench.training('after', population()));
  expect(result).toMatchObject({ outcome: 'finished', step: 100 });
  expect(host.said).toBe('');
});
