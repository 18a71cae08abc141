import { describe, expect, it } from 'vitest';
import { duration, progressBar, progressLines } from '../../../src/cli/progress.ts';
import type { Progress } from '../../../src/protocol/index.ts';

const at = (done: number, message = `step ${done}`): Progress => ({
  job: 'train',
  done,
  total: 1000,
  message,
});

describe('progress in a log', () => {
  /** Lines with the second each was written at, for one step a second. */
  const linesOf = (steps: number, message?: string): [number, string][] => {
    let second = 0;
    const lines: [number, string][] = [];
    const display = progressLines(
      (line) => lines.push([second, line]),
      () => second,
    );
    for (; second <= steps; second++) display.update({ ...at(second, message), total: steps });
    display.clear();
    return lines;
  };

  it('is silent for a job of less than ten seconds', () => {
    expect(linesOf(9)).toEqual([]);
  });

  it('says the job, the share done, what is being done and the time left', () => {
    expect(linesOf(40)).toEqual([
      [10, 'train: 25\u00a0%, step 10, 30 s left'],
      [20, 'train: 50\u00a0%, step 20, 20 s left'],
      [30, 'train: 75\u00a0%, step 30, 10 s left'],
      [40, 'train: 100\u00a0%, step 40'],
    ]);
  });

  it('is a line a minute in a long job', () => {
    const seconds = linesOf(7200).map(([second]) => second);
    const gaps = seconds.slice(1).map((second, index) => second - seconds[index]);
    expect(Math.min(...gaps)).toBe(10);
    expect(Math.max(...gaps)).toBe(60);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(seconds.length).toBeLessThan(150);
  });

  it('has no control characters from a file', () => {
    const [[, line]] = linesOf(10, 'layer \u001b]0;title\u0007\nnext');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });

  it('measures the speed of a resumed job by what was done here', () => {
    let second = 0;
    const lines: string[] = [];
    const display = progressLines(
      (line) => lines.push(line),
      () => second,
    );
    display.update(at(900));
    second = 10;
    display.update(at(950));
    expect(lines).toEqual(['train: 95\u00a0%, step 950, 10 s left']);
  });
});

describe('progress on a terminal', () => {
  it('is one line within the width of the terminal, which is removed at the end', () => {
    const written: string[] = [];
    const stream = { columns: 40, write: (text: string) => written.push(text) };
    const display = progressBar(stream as unknown as NodeJS.WriteStream, () => 0);
    display.clear();
    expect(written).toEqual([]);
    display.update(at(250, 'a long message that does not fit beside the bar'));
    display.clear();
    expect(written).toEqual(['\r\x1b[Ktrain ██████░░░░░░░░░░░░░░░░░░ 25\u00a0%  a ', '\r\x1b[K']);
  });
});

it('prints a duration in its two largest units', () => {
  expect([0, 59.4, 60, 185, 3600, 7800].map(duration)).toEqual([
    '0 s',
    '59 s',
    '1 min 00 s',
    '3 min 05 s',
    '1 h 00 min',
    '2 h 10 min',
  ]);
});
