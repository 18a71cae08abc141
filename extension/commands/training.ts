import type { Services } from '../services.ts';

/** Pause: holds the training after the step it is in. */
export const pause =
  ({ trainings }: Services) =>
  (): void =>
    trainings.pause();

/** Continue: lets a paused training go on. */
export const goOn =
  ({ trainings }: Services) =>
  (): void =>
    trainings.continue();

/** Cancel: ends the training after the step it is in, with its state saved. */
export const cancel =
  ({ trainings }: Services) =>
  (): void =>
    trainings.cancel();
