import { TWO_SIDED } from './normal.ts';

/** Wilson (1927) score interval of `correct` out of `samples` at 95 %. */
export const wilsonInterval = (correct: number, samples: number): [number, number] => {
  const p = correct / samples;
  const spread = TWO_SIDED * Math.sqrt((p * (1 - p)) / samples + TWO_SIDED ** 2 / (4 * samples * samples));
  const centre = p + TWO_SIDED ** 2 / (2 * samples);
  const scale = 1 + TWO_SIDED ** 2 / samples;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
};
