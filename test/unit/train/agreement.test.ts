import { beforeAll, describe, expect, it } from 'vitest';
import { openEagerBackend } from '../../../src/runtime/eager.ts';
import { type Backend, openBackend } from '../../../src/runtime/index.ts';
import { combinations, learningRateOf, relative, trainedOn } from './trainedOn.ts';

/** Recorded and eager runs must be the same computation: some steps of encoders x heads x losses, to 1e-4. */

let native: Backend;
beforeAll(async () => {
  native = await openBackend('native', { threads: 1 });
});

/** Relative differences over all variables as one vector: of their values, and of what training changed in them. */
async function differences(encoder: string, head: string, loss: string, optimiser: object) {
  const eager = await trainedOn(await openEagerBackend(), encoder, head, loss, optimiser);
  const recorded = await trainedOn(native, encoder, head, loss, optimiser);
  expect(eager.final.every(Number.isFinite)).toBe(true);
  return { final: relative(eager.final, recorded.final), update: relative(eager.update, recorded.update) };
}

function expectAgreement({ final, update }: { final: number; update: number }): void {
  expect(final).toBeLessThan(1e-4);
  // A wrong gradient would show here even if the rate is small.
  expect(update).toBeLessThan(1e-2);
}

describe('recorded and eager training agree to 1e-4 after some steps', () => {
  it.each(combinations)('%s encoder, %s head, %s loss', async (encoder, head, loss) => {
    const sgd = { kind: 'sgd', learningRate: learningRateOf(encoder, loss), momentum: 0.9 };
    expectAgreement(await differences(encoder, head, loss, sgd));
  });

  it.each([
    { kind: 'adam', learningRate: 0.01 },
    { kind: 'adamw', learningRate: 0.01 },
  ])('optimiser %o', async (optimiser) => {
    expectAgreement(await differences('mlp', 'linear', 'spectral', optimiser));
  });
});
