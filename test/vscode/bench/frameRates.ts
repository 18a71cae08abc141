import { click, evaluate, frames, press } from '../launcher/browserClient.ts';
import type { FrameRateOf } from './measurements.ts';

const HOVER_MS = 4000;
const KEYS_MS = 4000;
const PLOT = '.plot';

const START = `(() => {
  const intervals = [];
  let last;
  const tick = (now) => {
    if (last !== undefined) intervals.push(now - last);
    last = now;
    globalThis.keyFrames.handle = requestAnimationFrame(tick);
  };
  globalThis.keyFrames = { intervals };
  globalThis.keyFrames.handle = requestAnimationFrame(tick);
})()`;
const STOP = `(() => {
  cancelAnimationFrame(globalThis.keyFrames.handle);
  return globalThis.keyFrames.intervals;
})()`;

/** The frame rate while the pointer moves over the first plot of a page. */
export const whileHovering = async (page: string): Promise<FrameRateOf> => ({
  page,
  input: 'hover',
  ...(await frames(page, PLOT, HOVER_MS)),
});

/** The frame rate while the right arrow key is pressed repeatedly in the first plot of a page. */
export const whilePressingKeys = async (page: string): Promise<FrameRateOf> => {
  await click({ webview: page, selector: PLOT });
  await press('Escape');
  await evaluate(page, START);
  const end = Date.now() + KEYS_MS;
  while (Date.now() < end) await press('ArrowRight');
  const intervals = (await evaluate<number[]>(page, STOP)).sort((a, b) => a - b);
  const byRank = (share: number): number => intervals[Math.floor(share * intervals.length)];
  return {
    page,
    input: 'arrow keys',
    frames: intervals.length,
    framesPerSecond: 1000 / byRank(0.5),
    slowInterval: byRank(0.95),
  };
};
