import { describe, expect, it } from 'vitest';
import { Allowance, textBytes } from '../../../src/checkpoint/bytes/allowance.ts';
import { inputFault } from '../../../src/protocol/index.ts';

const refuse = (what: string) => inputFault(what, 'FILE, byte 7', 'Fetch it again');

describe('Allowance', () => {
  it('refuses what goes beyond it, in words that can follow the name of a file', () => {
    const allowance = new Allowance(2 ** 20);
    allowance.spend(2 ** 19, refuse);
    allowance.spend(2 ** 19, refuse);
    expect(() => allowance.spend(1, refuse)).toThrow(
      'FILE, byte 7: lists more than fits into 1 MiB of memory. Fetch it again.',
    );
  });

  it('stays used up', () => {
    const allowance = new Allowance(0);
    expect(() => allowance.spend(1, refuse)).toThrow();
    expect(() => allowance.spend(0, refuse)).toThrow();
  });
});

describe('textBytes', () => {
  it('counts a text twice as soon as one of its characters is beyond latin-1', () => {
    const [narrow, wide] = ['ü'.repeat(1000), `${'ü'.repeat(999)}€`].map(textBytes);
    expect(narrow).toBeGreaterThanOrEqual(1000);
    expect(wide - narrow).toBe(1000);
  });
});
