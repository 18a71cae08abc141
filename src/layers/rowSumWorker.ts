/** Worker-thread entry: sums rows for `RowSumThread`, and answers every request in turn. */
import { parentPort, workerData } from 'node:worker_threads';
import { RowSumHere, type RowSumQuestion } from './rowSum.ts';

const sum = new RowSumHere(workerData as number);
const port = parentPort!;

port.on('message', async (question: RowSumQuestion) => {
  if (question === 'values') return port.postMessage(await sum.values());
  await sum.add(question.rows, question.seed);
  port.postMessage(null);
});
