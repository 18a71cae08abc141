import { move } from 'piscina';
import { type BatchTask, makeViews } from './batchPlan.ts';

/** Worker-thread entry: makes the views of one batch and transfers their memory. */
export const makeBatch = (task: BatchTask): Float32Array => move(makeViews(task)) as Float32Array;
