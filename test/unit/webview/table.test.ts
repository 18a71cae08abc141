import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankingTable } from '../../../webview/series/ranking.ts';
import { toCsv } from '../../../webview/series/table.ts';
import { type CurvePoint, envelope, trainingTable } from '../../../webview/series/training.ts';
import { inventedImageReport } from './inventedReport.ts';

/** A reader of RFC 4180 that shares nothing with the writer: one pass over the characters. */
const readCsv = (text: string): string[][] => {
  const rows: string[][] = [[]];
  let [field, quoted] = ['', false];
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted && character === '"' && text[index + 1] === '"') {
      field += '"';
      index++;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') {
      rows[rows.length - 1].push(field);
      field = '';
    } else if (!quoted && character === '\r' && text[index + 1] === '\n') {
      rows[rows.length - 1].push(field);
      rows.push([]);
      field = '';
      index++;
    } else field += character;
  }
  return rows.slice(0, -1);
};

describe('toCsv', () => {
  it('quotes what needs it and leaves null empty', () => {
    const csv = toCsv({
      columns: ['layer', 'value'],
      rows: [
        ['a,"b"', 0.1],
        ['c', null],
      ],
    });
    expect(csv).toBe('layer,value\r\n"a,""b""",0.1\r\nc,\r\n');
  });

  it('keeps text from running as a formula in a spreadsheet, and numbers as they are', () => {
    expect(toCsv({ columns: ['x'], rows: [['=HYPERLINK("x")'], [-2]] })).toBe(
      'x\r\n"\'=HYPERLINK(""x"")"\r\n-2\r\n',
    );
  });

  it('can be read back, whatever the names', () => {
    const name = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { minLength: 1 }), (rows) => {
        expect(readCsv(toCsv({ columns: ['a', 'b'], rows })).slice(1)).toEqual(rows);
      }),
    );
  });

  it('gives the recorded metrics back to the last digit', () => {
    const { metrics } = inventedImageReport();
    const rows = readCsv(toCsv(trainingTable(metrics))).slice(1);
    expect(rows.map((row) => row.map(Number))).toEqual(
      metrics.map(({ step, epoch, loss, learningRate }) => [step, epoch, loss, learningRate]),
    );
  });
});

describe('rankingTable', () => {
  it('says which layer is recommended, best and runner-up, and which cannot be told apart', () => {
    const clothes = inventedImageReport().recommendations[1];
    const verdicts = rankingTable(clothes).rows.map((row) => [row[0], row[8]]);
    expect(verdicts.slice(0, 3)).toEqual([
      ['encoder.pool', 'recommended, best'],
      ['encoder.conv4', 'cannot be told apart, runner-up'],
      ['head.1', 'cannot be told apart'],
    ]);
  });
});

describe('envelope', () => {
  it('leaves a short curve alone', () => {
    const curve: CurvePoint[] = [
      [1, 3],
      [2, 1],
    ];
    expect(envelope(curve, 100)).toBe(curve);
  });

  it('keeps the ends, the extremes and the order of a long one, in at most four points a pixel', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 500, maxLength: 3000 });
    fc.assert(
      fc.property(values, (losses) => {
        const curve = losses.map((loss, index): CurvePoint => [index + 1, loss]);
        const kept = envelope(curve, 60);
        expect(kept.length).toBeLessThanOrEqual(4 * 61);
        expect(kept[0]).toEqual(curve[0]);
        expect(kept[kept.length - 1]).toEqual(curve[curve.length - 1]);
        const extremes = (points: readonly CurvePoint[]) => [
          points.reduce((least, [, value]) => Math.min(least, value), Infinity),
          points.reduce((most, [, value]) => Math.max(most, value), -Infinity),
        ];
        expect(extremes(kept)).toEqual(extremes(curve));
        for (let i = 1; i < kept.length; i++) expect(kept[i][0]).toBeGreaterThan(kept[i - 1][0]);
      }),
    );
  });
});
