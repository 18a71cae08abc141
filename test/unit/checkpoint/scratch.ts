import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Fault } from '../../../src/protocol/index.ts';

/** A folder that is removed when the file's tests are done. */
export const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** The fault that `work` ends in; anything else, success included, fails the test. */
export const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const outcome = await work.then(
    () => 'no fault',
    (error: unknown) => error,
  );
  if (outcome instanceof Fault) return outcome;
  throw new Error(`expected a fault, got ${outcome instanceof Error ? outcome.stack : String(outcome)}`);
};

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
