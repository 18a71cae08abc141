import { move } from 'piscina';
import { type BatchTask, makeViews } from './batchPlan.ts';

/** Worker-thread entry: makes the views of one batch and hands their memory over. */
export const makeBatch = (task: BatchTask): Float32Array => move(makeViews(task)) as Float32Array;
