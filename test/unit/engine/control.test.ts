import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { Gates } from '../../../src/engine/gates.ts';
import { trainJob } from '../../../src/engine/trainJob.ts';
import type { TrainEvent, TrainParams } from '../../../src/protocol/index.ts';
import { Bench, population, sampled } from './experiments.ts';
import { Host } from './host.ts';

/** Trainings that are paused, cancelled, interrupted and resumed must end like undisturbed ones. */

const bench = new Bench();
const host = new Host();
afterAll(() => host.close());

const long = sampled({ epochs: 40, checkpointEverySteps: 7 });
const TOTAL = 400;

beforeAll(async () => {
  await host.run('train', bench.training('long', long));
});

interface Watched {
  readonly events: TrainEvent[];
  readonly done: ReturnType<typeof host.run<'train'>>;
  readonly cancel: () => void;
  /** Resolves when the training reports its `nth` pause; rejects if it ends before. */
  held(nth: number): Promise<void>;
}

const isPause = ({ kind }: TrainEvent): boolean => kind === 'paused';

/** A training with all its events. */
const watched = (params: TrainParams, by = host): Watched => {
  const events: TrainEvent[] = [];
  const source = new CancellationTokenSource();
  let wake = (): void => {};
  const onEvent = (event: TrainEvent): void => {
    events.push(event);
    wake();
  };
  const done = by.run('train', params, { token: source.token, onEvent });
  const held = async (nth: number): Promise<void> => {
    const ended = done.then(() => Promise.reject(new Error('the training ended and was never held')));
    ended.catch(() => {});
    while (events.filter(isPause).length < nth) {
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([next, ended]);
    }
  };
  return { events, done, cancel: () => source.cancel(), held };
};

/**
 * A training that is paused some steps after its first. Messages arrive in the order in which they are sent: the
 * first pause before the first step, and the second one after the message that resumes the training.
 */
const heldOnTheWay = async (params: TrainParams, by = host): Promise<Watched> => {
  const training = watched(params, by);
  by.notify('pause', params.folder);
  await training.held(1);
  by.notify('continue', params.folder);
  by.notify('pause', params.folder);
  await training.held(2);
  return training;
};

const kinds = (events: readonly TrainEvent[]) => events.map(({ kind }) => kind);

describe('pausing', () => {
  it('holds the training while others go on, and changes nothing', async () => {
    const params = bench.training('held', long);
    const { events, done } = await heldOnTheWay(params);
    const told = events.length;
    const written = bench.metrics('held').length;
    await host.run('train', bench.training('meanwhile', sampled(), { inspectEvery: 1 }));
    expect(kinds(events).at(-1)).toBe('paused');
    expect(events).toHaveLength(told);
    expect(bench.metrics('held')).toHaveLength(written);

    host.notify('continue', params.folder);
    expect(await done).toMatchObject({ outcome: 'finished', step: TOTAL, totalSteps: TOTAL });
    const [paused, continued, next] = events.slice(told - 1);
    expect(continued).toEqual({ ...paused, kind: 'continued' });
    expect(next.kind).toBe('metric');
    expect(bench.outcome('held')).toEqual(bench.outcome('long'));
  });

  it('holds one that was just begun before its first step', async () => {
    const params = bench.training('begun', population());
    const { events, done, held } = watched(params);
    host.notify('pause', params.folder);
    await held(1);
    host.notify('continue', params.folder);
    expect(await done).toMatchObject({ outcome: 'finished' });
    const paused = ['begun', 'paused', 'continued', 'metric'];
    expect(kinds(events).slice(0, 4)).toEqual(paused);
    expect(events[1]).toEqual({ kind: 'paused', step: 0 });
  });

  it('that came too late for one training does not hold the next in its folder', async () => {
    const params = bench.training('late', population());
    host.notify('pause', params.folder);
    const { events, done, held } = watched(params);
    held(1).then(
      () => host.notify('continue', params.folder),
      () => {},
    );
    await done;
    expect(kinds(events)).not.toContain('paused');
  });
});

describe('cancelling', () => {
  /** Resumes a cancelled training, which must end with the bytes of an uninterrupted one. */
  const finish = async (params: TrainParams, saved: number, like: string): Promise<void> => {
    const { events, done } = watched({ ...params, resume: true });
    expect(await done).toMatchObject({ outcome: 'finished' });
    expect(events[0]).toMatchObject({ kind: 'begun', fromStep: saved });
    expect(bench.outcome(params.folder.split('/').at(-1)!)).toEqual(bench.outcome(like));
  };

  it('a running training saves its state, from which it can go on', async () => {
    const params = bench.training('cancelled', long);
    const { done, cancel } = await heldOnTheWay(params);
    host.notify('continue', params.folder);
    cancel();
    const result = await done;
    expect(result).toMatchObject({ outcome: 'cancelled', totalSteps: TOTAL });
    expect(result.step).toBeGreaterThan(1);
    expect(result.step).toBeLessThan(TOTAL);
    await finish(params, result.step, 'long');
  });

  it('a paused training ends it', async () => {
    const params = bench.training('stopped', long);
    const { events, done, held, cancel } = watched(params);
    host.notify('pause', params.folder);
    await held(1);
    cancel();
    const result = await done;
    expect(result).toMatchObject({ outcome: 'cancelled', step: 1, totalSteps: TOTAL });
    expect(kinds(events).slice(0, 3)).toEqual(['begun', 'paused', 'continued']);
    // The pause no longer has any effect: the training continues by itself.
    await finish(params, 1, 'long');
  });
});

describe('cancelling at one moment, in this process', () => {
  /** A job that is cancelled at its first event, before it does anything else. */
  const cancelledBy = async (
    params: TrainParams,
    isMoment: (event: TrainEvent) => boolean,
    gates = new Gates(),
  ) => {
    const controller = new AbortController();
    const events: TrainEvent[] = [];
    const report = (event: TrainEvent): void => {
      events.push(event);
      if (isMoment(event)) controller.abort();
    };
    const result = await trainJob(gates)(params, { signal: controller.signal, report });
    return { result, events };
  };

  /** Cancels before a step, by replacing the gate that every step passes. */
  class CancellingGates extends Gates {
    private steps = 0;

    constructor(
      private readonly at: number,
      private readonly cancel: () => void,
    ) {
      super();
    }

    override wait(): undefined {
      if (this.steps++ === this.at) this.cancel();
    }
  }

  it('says which step was saved even between two lines of metrics', async () => {
    // One line every 100 steps.
    const sparse = population({ epochs: 3, stepsPerEpoch: 1000 });
    await host.run('train', bench.training('sparse', sparse));
    const params = bench.training('between', sparse);
    const controller = new AbortController();
    const gates = new CancellingGates(150, () => controller.abort());
    const result = await trainJob(gates)(params, { signal: controller.signal, report: () => {} });
    expect(result).toMatchObject({ outcome: 'cancelled', step: 151 });
    const resumed = watched({ ...params, resume: true });
    expect(await resumed.done).toMatchObject({ outcome: 'finished' });
    expect(resumed.events[0]).toMatchObject({ kind: 'begun', fromStep: 151 });
    expect(bench.outcome('between')).toEqual(bench.outcome('sparse'));
  });

  it('an inspection on the way keeps the state of that epoch', async () => {
    const experiment = sampled({ epochs: 2 });
    await host.run('train', bench.training('whole', experiment));
    const params = bench.training('looked', experiment, { inspectEvery: 1 });
    const { result, events } = await cancelledBy(params, ({ kind }) => kind === 'inspecting');
    expect(result).toMatchObject({ outcome: 'cancelled', step: 10, totalSteps: 20 });
    expect(kinds(events).at(-1)).toBe('inspecting');
    expect(readdirSync(bench.path('looked', 'checkpoints')).sort()).toEqual([
      'epoch-0001.safetensors',
      'last.safetensors',
    ]);
    expect(existsSync(bench.path('looked', 'analyses', 'epoch-0001.json'))).toBe(false);
    const resumed = watched({ ...params, resume: true });
    expect(await resumed.done).toMatchObject({ outcome: 'finished' });
    expect(resumed.events[0]).toMatchObject({ kind: 'begun', fromStep: 10 });
    expect(bench.outcome('looked')).toEqual(bench.outcome('whole'));
  });
});

describe('several jobs at a time', () => {
  it('all finish, with the results of each alone', async () => {
    const two = ['first', 'second'].map((run) =>
      host.run('train', bench.training(run, long, { inspectEvery: 20 })),
    );
    const inspected = host.run('inspect', bench.inspection('long'));
    expect(await Promise.all(two)).toMatchObject([{ outcome: 'finished' }, { outcome: 'finished' }]);
    expect(await inspected).toMatchObject({ layers: 3, tasks: [] });
    expect(bench.outcome('first')).toEqual(bench.outcome('long'));
    expect(bench.outcome('second')).toEqual(bench.outcome('long'));
  });
});

describe('when its parent goes', () => {
  it('the process ends in the middle of a training, which can be gone on with', async () => {
    const own = new Host();
    const params = bench.training('orphan', long);
    const { done } = await heldOnTheWay(params, own);
    own.notify('continue', params.folder);
    own.child.disconnect();
    void done.catch(() => {});
    expect(await own.ended).toEqual([0, null]);
    expect(own.said).toBe('');
    await host.run('train', { ...params, resume: true });
    expect(bench.outcome('orphan')).toEqual(bench.outcome('long'));
  });

  it('the process ends when it was idle', async () => {
    const own = new Host();
    await own.ready;
    own.child.disconnect();
    expect(await own.ended).toEqual([0, null]);
  });
});
