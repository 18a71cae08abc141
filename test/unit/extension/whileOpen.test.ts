import { describe, expect, it } from 'vitest';
import { whileOpen } from '../../../extension/panels/whileOpen.ts';

/** Answers that are already available arrive before the event loop turns. */
const outcome = (answer: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    answer.catch((error: Error) => `failed: ${error.message}`),
    new Promise((resolve) => setImmediate(resolve, 'unanswered')),
  ]);

describe("the answer to a page's question", () => {
  it('is given, or fails, while the page is open', async () => {
    expect(await outcome(whileOpen(() => true, Promise.resolve(7)))).toBe(7);
    expect(await outcome(whileOpen(() => true, Promise.reject(new Error('unreadable'))))).toBe(
      'failed: unreadable',
    );
  });

  it('is neither given nor fails once the page was closed on the way', async () => {
    let open = true;
    const answers = [Promise.resolve(7), Promise.reject(new Error('unreadable'))].map((answer) =>
      whileOpen(() => open, answer),
    );
    open = false;
    expect(await Promise.all(answers.map(outcome))).toEqual(['unanswered', 'unanswered']);
  });
});
