import { describe, expect, it } from 'vitest';
import type { Pen, Surface } from '../../../webview/figures/pen.ts';
import { recordShapes, type Shape } from '../../../webview/figures/shapeRecorder.ts';

const markup = ({ name, attributes }: Shape): string =>
  `<${name} ${Object.entries(attributes)
    .map(([key, value]) => `${key}="${value}"`)
    .join(' ')}/>`;

const recorded = (paint: (pen: Pen, surface: Surface) => void, merged = 20_000, most = 250_000) =>
  recordShapes(paint, { merged, most })?.map(markup) ?? null;

/** A row of cells of `inks`, each 2 px wide and touching the next. */
const row = (pen: Pen, inks: readonly string[], y = 0): void => {
  inks.forEach((ink, column) => {
    pen.fillStyle = ink;
    pen.fillRect(2 * column, y, 2, 3);
  });
};

describe('what a pen paints, as shapes of an SVG file', () => {
  it('is a rectangle for each cell, in its colour, rounded to hundredths', () => {
    const shapes = recorded((pen) => {
      pen.fillStyle = '#440154';
      pen.fillRect(0, 1 / 3, 10, 5);
      pen.fillStyle = 'rgb(1, 2, 3)';
      pen.fillRect(10.006, 0, 0.1 + 0.2, 5);
    });
    expect(shapes).toEqual([
      '<rect x="0" y="0.33" width="10" height="5" fill="#440154"/>',
      '<rect x="10.01" y="0" width="0.3" height="5" fill="rgb(1, 2, 3)"/>',
    ]);
  });

  it('keeps the order of outlines, lines and cells', () => {
    const shapes = recorded((pen) => {
      pen.strokeStyle = '#8a8a8a';
      pen.lineWidth = 1;
      pen.strokeRect(0.5, 0.5, 9, 4);
      pen.fillStyle = '#5a5a5a';
      pen.fillRect(1, 2, 8, 1);
      pen.strokeStyle = '#000000';
      pen.lineWidth = 0.75;
      pen.beginPath();
      pen.moveTo(0, 0);
      pen.lineTo(3, 4.125);
      pen.stroke();
    });
    expect(shapes).toEqual([
      '<path d="M0.5,0.5h9v4h-9Z" fill="none" stroke="#8a8a8a" stroke-width="1"/>',
      '<rect x="1" y="2" width="8" height="1" fill="#5a5a5a"/>',
      '<path d="M0,0L3,4.13" fill="none" stroke="#000000" stroke-width="0.75"/>',
    ]);
  });

  it('draws a disc as two arcs, filled and then ringed', () => {
    const shapes = recorded((pen) => {
      pen.beginPath();
      pen.arc(10, 20, 4, 0, 2 * Math.PI);
      pen.fillStyle = '#21918c';
      pen.fill();
      pen.strokeStyle = '#ffffff';
      pen.stroke();
    });
    const disc = 'M14,20A4,4,0,1,1,6,20A4,4,0,1,1,14,20';
    expect(shapes).toEqual([
      `<path d="${disc}" fill="#21918c"/>`,
      `<path d="${disc}" fill="none" stroke="#ffffff" stroke-width="1"/>`,
    ]);
  });

  it('draws hatching as lines that end at the cell and join those of its neighbour', () => {
    const shapes = recorded((pen, surface) => {
      pen.fillStyle = surface.hatching({ period: 4, ground: '#ffffff', line: '#888888' });
      pen.fillRect(0, 0, 8, 4);
      pen.fillRect(8, 0, 2, 4);
    });
    expect(shapes).toEqual([
      '<rect x="0" y="0" width="8" height="4" fill="#ffffff"/>',
      '<path d="M0,4L4,0M4,4L8,0" fill="none" stroke="#888888" stroke-width="0.8"/>',
      '<rect x="8" y="0" width="2" height="4" fill="#ffffff"/>',
      // x + y = 12 alone passes through this cell: from its left bottom corner, out at its right edge.
      '<path d="M8,4L10,2" fill="none" stroke="#888888" stroke-width="0.8"/>',
    ]);
  });

  it('gives edges on hundredths of a px, so that neighbours meet', () => {
    recordShapes((_, surface) => expect(surface.scale).toBe(100));
  });

  it('joins equal neighbours of a row only beyond the limit, and no others', () => {
    const paint = (pen: Pen): void => {
      row(pen, ['#111111', '#111111', '#222222', '#111111']);
      row(pen, ['#111111'], 3);
    };
    expect(recorded(paint, 5)).toHaveLength(5);
    expect(recorded(paint, 4)).toEqual([
      '<rect x="0" y="0" width="4" height="3" fill="#111111"/>',
      '<rect x="4" y="0" width="2" height="3" fill="#222222"/>',
      '<rect x="6" y="0" width="2" height="3" fill="#111111"/>',
      '<rect x="0" y="3" width="2" height="3" fill="#111111"/>',
    ]);
  });

  it('does not join cells across a gap or over something between them', () => {
    const gap = (pen: Pen): void => {
      pen.fillRect(0, 0, 2, 3);
      pen.fillRect(3, 0, 2, 3);
    };
    expect(recorded(gap, 0)).toHaveLength(2);
    const between = (pen: Pen): void => {
      pen.fillRect(0, 0, 2, 3);
      pen.strokeRect(0, 0, 2, 3);
      pen.fillRect(2, 0, 2, 3);
    };
    expect(recorded(between, 0)).toHaveLength(3);
  });

  it('is none beyond the most cells, even if they would join', () => {
    const paint = (pen: Pen): void => row(pen, ['#111111', '#111111', '#111111']);
    expect(recorded(paint, 0, 3)).toHaveLength(1);
    expect(recorded(paint, 0, 2)).toBeNull();
  });
});
