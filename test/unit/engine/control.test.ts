import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { TrainEvent, TrainParams } from '../../../src/protocol/index.ts';
import { Bench, population, sampled } from './experiments.ts';
import { Host } from './host.ts';

/** Trainings that are held, cancelled, cut off and gone on with must end as those that are left alone. */

const bench = new Bench();
const host = new Host();
afterAll(() => host.close());

/** Long enough that what is sent at a line of metrics arrives well before the end. */
const long = sampled({ epochs: 40, checkpointEverySteps: 7 });
const TOTAL = 400;

beforeAll(async () => {
  await host.run('train', bench.training('long', long));
});

/** A training that hands every event to `react`, with the means to cancel it. */
const watched = (
  params: TrainParams,
  react: (event: TrainEvent, cancel: () => void) => void,
): { readonly events: TrainEvent[]; readonly done: ReturnType<typeof host.run<'train'>> } => {
  const events: TrainEvent[] = [];
  const source = new CancellationTokenSource();
  const onEvent = (event: TrainEvent): void => {
    events.push(event);
    react(event, () => source.cancel());
  };
  return { events, done: host.run('train', params, { token: source.token, onEvent }) };
};

const kinds = (events: readonly TrainEvent[]) => events.map(({ kind }) => kind);
const afterFirst = (events: readonly TrainEvent[], kind: TrainEvent['kind']) =>
  events.slice(events.findIndex((event) => event.kind === kind) + 1);

/** Resolves when `done` or `condition` holds, so that a defect shows as a failure and not as a wait. */
const until = async (condition: () => boolean, done: Promise<unknown>): Promise<void> => {
  let ended = false;
  void done
    .catch(() => {})
    .then(() => {
      ended = true;
    });
  while (!condition() && !ended) await wait(2);
};

describe('pausing', () => {
  it('holds the training while others go on, and changes nothing', async () => {
    const { folder } = bench.training('held', long);
    let metrics = 0;
    const { events, done } = watched(bench.training('held', long), ({ kind }) => {
      if (kind === 'metric' && ++metrics === 3) host.notify('pause', folder);
    });
    await until(() => kinds(events).includes('paused'), done);
    const told = events.length;
    const written = bench.metrics('held').length;
    await host.run('train', bench.training('meanwhile', sampled(), { inspectEvery: 1 }));
    expect(kinds(events).at(-1)).toBe('paused');
    expect(events).toHaveLength(told);
    expect(bench.metrics('held')).toHaveLength(written);

    host.notify('continue', folder);
    expect(await done).toMatchObject({ outcome: 'finished', step: TOTAL, totalSteps: TOTAL });
    const [paused, continued, next] = events.slice(told - 1);
    expect(continued).toEqual({ ...paused, kind: 'continued' });
    expect(next.kind).toBe('metric');
    expect(bench.outcome('held')).toEqual(bench.outcome('long'));
  });

  it('holds one that was just begun before its first step', async () => {
    const params = bench.training('begun', population());
    const { events, done } = watched(params, ({ kind }) => {
      if (kind === 'paused') host.notify('continue', params.folder);
    });
    host.notify('pause', params.folder);
    expect(await done).toMatchObject({ outcome: 'finished' });
    const paused = ['begun', 'paused', 'continued', 'metric'];
    expect(kinds(events).slice(0, 4)).toEqual(paused);
    expect(events[1]).toEqual({ kind: 'paused', step: 0 });
  });

  it('that came too late for one training does not hold the next in its folder', async () => {
    const params = bench.training('late', population());
    host.notify('pause', params.folder);
    const { events, done } = watched(params, ({ kind }) => {
      if (kind === 'paused') host.notify('continue', params.folder);
    });
    await done;
    expect(kinds(events)).not.toContain('paused');
  });
});

describe('cancelling', () => {
  /** Goes on with a cancelled training, which must come to the bytes of an uninterrupted one. */
  const finish = async (params: TrainParams, saved: number, like: string): Promise<void> => {
    const { events, done } = watched({ ...params, resume: true }, () => {});
    expect(await done).toMatchObject({ outcome: 'finished' });
    expect(events[0]).toMatchObject({ kind: 'begun', fromStep: saved });
    expect(bench.outcome(params.folder.split('/').at(-1)!)).toEqual(bench.outcome(like));
  };

  it('a running training saves its state, from which it can go on', async () => {
    const params = bench.training('cancelled', long);
    let metrics = 0;
    const { done } = watched(params, ({ kind }, cancel) => {
      if (kind === 'metric' && ++metrics === 5) cancel();
    });
    const result = await done;
    expect(result).toMatchObject({ outcome: 'cancelled', totalSteps: TOTAL });
    expect(result.step).toBeGreaterThanOrEqual(5);
    expect(result.step).toBeLessThan(TOTAL);
    await finish(params, result.step, 'long');
  });

  it('says which step was saved even between two lines of metrics', async () => {
    // One line every 100 steps: where the cancellation arrives is hardly ever one of them.
    const sparse = population({ epochs: 3, stepsPerEpoch: 1000 });
    await host.run('train', bench.training('sparse', sparse));
    const params = bench.training('between', sparse);
    const { done } = watched(params, ({ kind }, cancel) => {
      if (kind === 'metric') cancel();
    });
    const { outcome, step } = await done;
    expect(outcome).toBe('cancelled');
    await finish(params, step, 'sparse');
  });

  it('a paused training ends it', async () => {
    const params = bench.training('stopped', long);
    const { events, done } = watched(params, ({ kind }, cancel) => {
      if (kind === 'paused') cancel();
    });
    host.notify('pause', params.folder);
    const result = await done;
    expect(result).toMatchObject({ outcome: 'cancelled', step: 1, totalSteps: TOTAL });
    expect(kinds(events).slice(0, 3)).toEqual(['begun', 'paused', 'continued']);
    // Nothing of the pause is left: the training goes on by itself.
    await finish(params, 1, 'long');
  });

  it('an inspection on the way keeps the state of that epoch', async () => {
    // Wide layers, so that looking at them takes far longer than a message.
    const wide = sampled({
      encoder: { kind: 'mlp', widths: [400, 400] },
      head: { kind: 'mlp', widths: [400] },
      loss: { kind: 'nt-xent' },
      epochs: 2,
    });
    await host.run('train', bench.training('wide', wide));
    const params = bench.training('looked', wide, { inspectEvery: 1 });
    const { events, done } = watched(params, ({ kind }, cancel) => {
      if (kind === 'inspecting') cancel();
    });
    expect(await done).toMatchObject({ outcome: 'cancelled', step: 10, totalSteps: 20 });
    expect(kinds(afterFirst(events, 'inspecting'))).toEqual([]);
    expect(readdirSync(bench.path('looked', 'checkpoints')).sort()).toEqual([
      'epoch-0001.safetensors',
      'last.safetensors',
    ]);
    expect(existsSync(bench.path('looked', 'analyses', 'epoch-0001.json'))).toBe(false);
    await finish(params, 10, 'wide');
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
    let metrics = 0;
    const onEvent = ({ kind }: TrainEvent): void => {
      if (kind === 'metric' && ++metrics === 5) own.child.disconnect();
    };
    void own.run('train', params, { onEvent }).catch(() => {});
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
