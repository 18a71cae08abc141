import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { openRun, type TrainingState } from '../../../src/store/index.ts';
import { type TrainRequest, train } from '../../../src/train/index.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';
import { moments } from './moments.ts';

type EpochVisit = NonNullable<TrainRequest['epochVisit']>;

const scratch = scratchFolder();
const backend = await openBackend('native', { threads: 1 });

const experiment = moments(3, 4);

const request = (name: string, hooks: Partial<TrainRequest>): TrainRequest => ({
  experiment,
  baseDirectory: '.',
  folder: join(scratch, name),
  backend,
  ...hooks,
});

describe('the hooks of a training', () => {
  it('are called in the order of what happens', async () => {
    const calls: string[] = [];
    const metrics: Metric[] = [];
    const { run } = await train(
      request('order', {
        onBegin: (_, fromStep) => calls.push(`begin ${fromStep}`),
        beforeStep: async (step) => {
          calls.push(`before ${step}`);
        },
        onMetric: (metric) => {
          calls.push(`metric ${metric.step}`);
          metrics.push(metric);
        },
        epochVisit: {
          at: (epoch) => epoch === 2,
          visit: async ({ state }) => {
            calls.push(`visit ${state.epoch}`);
          },
        },
      }),
    );
    const steps = Array.from({ length: 12 }, (_, i) => [`before ${i}`, `metric ${i + 1}`]).flat();
    expect(calls).toEqual(['begin 0', ...steps.slice(0, 16), 'visit 2', ...steps.slice(16)]);
    expect(await run.readMetrics()).toEqual(metrics);
  });

  it('hold the next step until they answer', async () => {
    let holding = false;
    let overtaken = false;
    const hold = async (): Promise<void> => {
      holding = true;
      // Anything that did not wait would happen in one of these turns of the event loop.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      holding = false;
    };
    await train(
      request('held', {
        beforeStep: () => {
          overtaken ||= holding;
          return hold();
        },
        onMetric: () => {
          overtaken ||= holding;
        },
        epochVisit: { at: () => true, visit: hold },
      }),
    );
    expect(overtaken).toBe(false);
  });

  it('visit the state that is kept', async () => {
    const visited: TrainingState[] = [];
    const epochVisit: EpochVisit = {
      at: (epoch) => epoch !== 2,
      visit: async ({ state }) => void visited.push(state),
    };
    const { run } = await train(request('kept', { epochVisit }));
    expect(await run.listStates()).toEqual(['epoch-0001', 'epoch-0003', 'last']);
    expect(await run.loadState('epoch-0001')).toEqual(visited[0]);
    expect(await run.loadState('epoch-0003')).toEqual(visited[1]);
  });
});

describe('a cancellation', () => {
  const cancelledAt = (name: string, hooks: (controller: AbortController) => Partial<TrainRequest>) => {
    const controller = new AbortController();
    const asked = request(name, { signal: controller.signal, ...hooks(controller) });
    return { controller, asked, fault: faultOf(train(asked)) };
  };

  it('inside a visit leaves a saved state and says how to go on', async () => {
    const { controller, asked, fault } = cancelledAt('visit', (controller) => ({
      epochVisit: {
        at: (epoch) => epoch === 2,
        visit: async () => {
          controller.abort();
          controller.signal.throwIfAborted();
        },
      },
    }));
    const { kind, what, remedy, cause } = await fault;
    expect([kind, what, remedy]).toEqual(['run', 'cancelled after step 8 of 12', 'Continue with --resume']);
    expect(cause).toBe(controller.signal.reason);
    expect((await (await openRun(asked.folder)).loadState()).step).toBe(8);
  });

  it('while a step is held ends the training after that step', async () => {
    const { fault, asked } = cancelledAt('step', (controller) => ({
      beforeStep: async (step) => {
        if (step === 5) controller.abort();
      },
    }));
    expect((await fault).what).toBe('cancelled after step 6 of 12');
    expect((await (await openRun(asked.folder)).loadState()).step).toBe(6);
  });

  it('leaves out the visit that would come next', async () => {
    const { fault, asked } = cancelledAt('skipped', (controller) => ({
      beforeStep: async (step) => {
        if (step === 3) controller.abort();
      },
      epochVisit: { at: () => true, visit: () => Promise.reject(new Error('visited')) },
    }));
    expect((await fault).what).toBe('cancelled after step 4 of 12');
    expect(existsSync(join(asked.folder, 'checkpoints', 'epoch-0001.safetensors'))).toBe(true);
  });

  it('is not what a visit that fails for another reason ends in', async () => {
    const controller = new AbortController();
    const failure = new Error('full disk');
    const epochVisit: EpochVisit = {
      at: () => true,
      visit: async () => {
        controller.abort();
        throw failure;
      },
    };
    await expect(train(request('failed', { signal: controller.signal, epochVisit }))).rejects.toBe(failure);
  });
});
