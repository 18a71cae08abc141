import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from '../../../webview/panel/pace.ts';

describe('a paced action', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('happens at once, then once for all that was asked during the pause', () => {
    const act = vi.fn();
    const ask = paced(act, 500);
    ask();
    expect(act).toHaveBeenCalledTimes(1);
    ask();
    ask();
    vi.advanceTimersByTime(499);
    expect(act).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(act).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(act).toHaveBeenCalledTimes(2);
    ask();
    expect(act).toHaveBeenCalledTimes(3);
  });
});
