import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SpectrumQuestion } from '../../../extension/checkpoints/spectraQueue.ts';
import type { LayerSpectrum } from '../../../src/protocol/index.ts';

class CancellationTokenSource {
  token = { isCancellationRequested: false };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {}
}
vi.mock('vscode', () => ({ CancellationTokenSource }));

const { SpectraQueue } = await import('../../../extension/checkpoints/spectraQueue.ts');

const question = (layer: string): SpectrumQuestion => ({
  checkpoint: 0,
  layer,
  convolution: 'reshape',
  method: 'auto',
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the queue of spectra', () => {
  const begun: string[] = [];
  const answered: string[] = [];
  let ends: (() => void)[] = [];
  const queue = (parallel: number) =>
    new SpectraQueue(
      ({ layer }) => {
        begun.push(layer);
        if (layer === 'bad') return Promise.reject(new Error('it is bad'));
        return new Promise((resolve) => ends.push(() => resolve({ layer } as LayerSpectrum)));
      },
      ({ layer }, spectrum, error) =>
        answered.push(`${layer}: ${spectrum?.layer ?? (error as Error).message}`),
      parallel,
    );
  afterEach(() => {
    begun.length = 0;
    answered.length = 0;
    ends = [];
  });

  it('measures as many at a time as it may, in the order wanted, each once', async () => {
    const one = queue(2);
    one.want(['a', 'b', 'c', 'd'].map(question));
    expect(begun).toEqual(['a', 'b']);
    one.want(['d', 'b', 'c'].map(question));
    ends[0]();
    await settled();
    expect(begun).toEqual(['a', 'b', 'd']);
    for (const end of ends) end();
    await settled();
    expect(begun).toEqual(['a', 'b', 'd', 'c']);
    expect(answered).toEqual(['a: a', 'b: b', 'd: d']);
  });

  it('says what went wrong, and goes on', async () => {
    const one = queue(1);
    one.want(['bad', 'a'].map(question));
    await settled();
    expect(answered).toEqual(['bad: it is bad']);
    expect(begun).toEqual(['bad', 'a']);
  });

  it('puts a question before those that wait, and asks again after it was cleared', async () => {
    const one = queue(1);
    one.want(['a', 'b'].map(question));
    one.wantFirst({ ...question('c'), method: 'exact' });
    ends[0]();
    await settled();
    expect(begun).toEqual(['a', 'c']);
    one.clear();
    ends[1]();
    await settled();
    expect(answered).toEqual(['a: a']);
    one.want([question('a')]);
    expect(begun).toEqual(['a', 'c', 'a']);
  });

  it('answers nothing after its end', async () => {
    const one = queue(1);
    one.want([question('a')]);
    one.dispose();
    ends[0]();
    await settled();
    expect(answered).toEqual([]);
  });
});
