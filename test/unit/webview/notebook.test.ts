import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { notebookBuildOptions } from '../../../scripts/build-webview.mjs';
import { ANALYSIS_DOCUMENT, Fault } from '../../../src/protocol/index.ts';
import { readOutput } from '../../../webview/notebook/readOutput.ts';
import { placeAfter } from '../../../webview/notebook/tabKeys.ts';
import { inventedImageReport } from './inventedReport.ts';

const { analysis } = inventedImageReport();

const read = (text: string) => readOutput({ data: () => new TextEncoder().encode(text), text: () => text });

const faultOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('expected a fault');
};

describe('the output of a cell', () => {
  it('is an analysis', () => {
    expect(read(JSON.stringify(analysis))).toEqual(analysis);
  });

  it.each([
    ['', /^Output of the cell: is not valid JSON /],
    ['"analysis.json"', /^Output of the cell: Invalid input: expected object, received string\. /],
    [JSON.stringify({ ...analysis, version: 7 }), /: has version 7, .* up to 2\. Update Pentimento\.$/],
    [
      JSON.stringify({ ...analysis, version: 0 }),
      /, version: is not a version that this Pentimento reads\. /,
    ],
    [JSON.stringify({ ...analysis, layers: [] }), /^Output of the cell, layers: /],
    ['['.repeat(1000), /: is nested more than 64 levels deep /],
    [JSON.stringify({ ...analysis, '\u202e<b>': 1 }), /^Output of the cell: Unrecognized key/],
  ])('that is none is said in one line: %#', (text, line) => {
    const { message } = faultOf(() => read(text));
    expect(message).toMatch(line);
    expect(message).not.toMatch(/[\n\u202e]/);
  });

  it('that is too large does not become text', () => {
    const output = {
      data: () => ({ byteLength: ANALYSIS_DOCUMENT.limit + 1 }) as Uint8Array,
      text: (): string => {
        throw new Error('was read');
      },
    };
    expect(faultOf(() => readOutput(output)).what).toMatch(/^is 64 MB large; Pentimento reads up to 64 MB/);
  });
});

describe('the tab that a key leads to', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 3, 0],
    ['ArrowLeft', 0, 3],
    ['ArrowLeft', 2, 1],
    ['Home', 2, 0],
    ['End', 1, 3],
    ['ArrowDown', 1, undefined],
    ['constructor', 1, undefined],
  ])('%s from %d is %s', (key, place, expected) => {
    expect(placeAfter(key, place, 4)).toBe(expected);
  });
});

describe('the renderer', () => {
  it('is one module with its styles, which loads nothing', async () => {
    const { outputFiles } = await build({ ...notebookBuildOptions, write: false });
    expect(outputFiles?.map(({ path }) => path.replace(/.*\//, ''))).toEqual(['notebook.js']);
    const text = outputFiles?.[0].text ?? '';
    expect(text).toMatch(/export\{\w+ as activate\};\s*$/);
    expect(text).not.toMatch(/\bimport\s*[({'"]|\bfrom\s*["']/);
    // The rules of the figures, and those of the page in the place of its root.
    expect(text).toContain(':host{');
    expect(text).toContain('.figure');
  });
});
