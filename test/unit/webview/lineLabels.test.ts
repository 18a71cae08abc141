import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerLabels } from '../../../src/protocol/index.ts';
import { textWidth } from '../../../webview/series/format.ts';
import { type LineEnd, lineEndTexts, placeLineLabels } from '../../../webview/series/lineLabels.ts';

const ROOM = { top: 6, bottom: 264, spacing: 13 };
const end = (x: number, y: number, width = 60): LineEnd => ({ x, y, width });

describe('placeLineLabels', () => {
  it('is level with the ends of lines that are far apart', () => {
    expect(placeLineLabels([end(500, 40), end(500, 200)], ROOM)).toEqual([
      { x: 510, y: 40, moved: false },
      { x: 510, y: 200, moved: false },
    ]);
  });

  it('moves labels apart around the middle of their ends, in the order of the ends', () => {
    const labels = placeLineLabels([end(500, 104), end(500, 100), end(500, 102)], ROOM);
    expect(labels.map(({ y }) => y)).toEqual([115, 89, 102]);
    expect(labels.map(({ moved }) => moved)).toEqual([true, true, false]);
  });

  it('does not move labels that share no column', () => {
    expect(placeLineLabels([end(100, 250), end(300, 250)], ROOM).map(({ y }) => y)).toEqual([250, 250]);
  });

  it('moves no label but those that touch', () => {
    // The three share columns in a chain; the first two are at one height.
    const ys = placeLineLabels([end(300, 100), end(340, 100), end(390, 200)], ROOM).map(({ y }) => y);
    expect(ys).toEqual([93.5, 106.5, 200]);
  });

  it('stacks upwards from the axis', () => {
    const ys = placeLineLabels([end(500, 270), end(500, 269), end(500, 268)], ROOM).map(({ y }) => y);
    expect(ys).toEqual([264, 251, 238]);
  });

  it('never puts one over another nor leaves the plot, for twelve lines that end anywhere', () => {
    const ends = fc.array(
      fc.record({
        x: fc.double({ min: 0, max: 500, noNaN: true }),
        y: fc.double({ min: -20, max: 300, noNaN: true }),
        width: fc.double({ min: 7, max: 150, noNaN: true }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(ends, (all) => {
        const labels = placeLineLabels(all, ROOM);
        expect(labels).toHaveLength(all.length);
        labels.forEach((a, index) => {
          expect(a.y).toBeGreaterThanOrEqual(ROOM.top - 1e-9);
          expect(a.y).toBeLessThanOrEqual(ROOM.bottom + 1e-9);
          expect(a.moved).toBe(Math.abs(a.y - all[index].y) > 3);
          labels.slice(index + 1).forEach((b, later) => {
            const beside = a.x + all[index].width <= b.x || b.x + all[index + 1 + later].width <= a.x;
            expect(beside || Math.abs(a.y - b.y) >= ROOM.spacing - 1e-6).toBe(true);
          });
        });
      }),
    );
  });
});

describe('lineEndTexts', () => {
  const labels = (count: number) =>
    layerLabels(
      Array.from({ length: count }, (_, index) => `net.layers.${index}.${'projection_'.repeat(3)}out`),
    );

  it('has a label for each of twelve lines, in three tenths of the page', () => {
    for (const page of [480, 600, 1000]) {
      const ends = lineEndTexts(labels(12), page);
      expect(ends?.texts).toHaveLength(12);
      expect(ends?.room).toBeLessThanOrEqual(0.3 * page);
      for (const text of ends?.texts ?? [])
        expect(1.08 * textWidth(text, 11)).toBeLessThanOrEqual((ends?.room ?? 0) - 10 + 1e-9);
    }
    expect(lineEndTexts(labels(3), 1000)?.texts[2]).toContain('layers.2');
  });

  it('leaves more lines, and a narrow page, to the legend', () => {
    expect(lineEndTexts(labels(13), 1000)).toBeNull();
    expect(lineEndTexts(labels(3), 479)).toBeNull();
  });
});
