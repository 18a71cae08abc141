import type { ScheduleSpec } from '../experiment/index.ts';

/**
 * The learning rate of step `step` (1 is the first). Over the first W = round(warmupEpochs * stepsPerEpoch) steps
 * the schedule's own rate is multiplied by step / W. `step`: base * gamma^(milestones reached), a milestone m being
 * reached once m epochs are complete. `cosine`: from base after the warm-up to finalFraction * base at the end of
 * the last step, as PyTorch's CosineAnnealingLR called once per step.
 */
export const learningRateAt = (
  schedule: ScheduleSpec,
  base: number,
  step: number,
  { stepsPerEpoch, epochs }: { readonly stepsPerEpoch: number; readonly epochs: number },
): number => {
  const warmup = Math.round(schedule.warmupEpochs * stepsPerEpoch);
  const ramp = step <= warmup ? step / warmup : 1;
  return base * ramp * decayAt(schedule, step - 1, warmup, stepsPerEpoch, epochs * stepsPerEpoch);
};

/** The factor of the schedule alone, after `done` steps. */
const decayAt = (
  schedule: ScheduleSpec,
  done: number,
  warmup: number,
  stepsPerEpoch: number,
  totalSteps: number,
): number => {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step': {
      const reached = schedule.milestones.filter((milestone) => milestone * stepsPerEpoch <= done).length;
      return schedule.gamma ** reached;
    }
    case 'cosine': {
      const progress = Math.min(1, Math.max(0, done - warmup) / Math.max(1, totalSteps - warmup));
      return schedule.finalFraction + (1 - schedule.finalFraction) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  }
};
