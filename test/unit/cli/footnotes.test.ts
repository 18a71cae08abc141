import { describe, expect, it } from 'vitest';
import { Footnotes } from '../../../src/cli/footnotes.ts';

describe('footnotes', () => {
  it('count from one, and stand once however often they are marked', () => {
    const notes = new Footnotes();
    expect(['a', 'b', 'a'].map((note) => notes.mark(note))).toEqual(['[1]', '[2]', '[1]']);
    expect(notes.lines()).toEqual(['[1] a', '[2] b']);
  });

  it('that differ only in numbers are one, with the range of those that differ', () => {
    const notes = new Footnotes();
    const marks = ['only 18 of 0.00001', 'only 7 of 0.00001', 'only 44 of 0.00001', 'only few of 0.00001'];
    expect(marks.map((note) => notes.mark(note))).toEqual(['[1]', '[1]', '[1]', '[2]']);
    expect(notes.lines()).toEqual(['[1] only 7 to 44 of 0.00001', '[2] only few of 0.00001']);
  });

  it('leave the digits of a name alone', () => {
    const notes = new Footnotes();
    const marks = ['1 in F32', '2 in F32', '1 in F16'].map((note) => notes.mark(note));
    expect(marks).toEqual(['[1]', '[1]', '[2]']);
    expect(notes.lines()).toEqual(['[1] 1 to 2 in F32', '[2] 1 in F16']);
  });

  it('keep numbers as they were written', () => {
    const notes = new Footnotes();
    notes.mark('2.50 at 1e-5');
    notes.mark('2.50 at 1e-5');
    expect(notes.lines()).toEqual(['[1] 2.50 at 1e-5']);
  });
});
