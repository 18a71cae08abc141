import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gathered } from '../../../../webview/panel/pace.ts';

describe('gathered', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands over the first name at once, those of a pause together, and each only once', () => {
    const acted: string[][] = [];
    const came = gathered((names) => acted.push([...names]), 100);
    for (const name of ['a', 'b', 'c', 'b']) came(name);
    expect(acted).toEqual([['a']]);
    vi.advanceTimersByTime(1000);
    expect(acted).toEqual([['a'], ['b', 'c']]);
    came('d');
    expect(acted).toEqual([['a'], ['b', 'c'], ['d']]);
  });
});
