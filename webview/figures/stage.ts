import { type Selection, select } from 'd3';
import { type CanvasLayer, createCanvasLayer, type Painting } from './canvasLayer.ts';
import { element } from './element.ts';

export type Drawing = Selection<SVGSVGElement, unknown, null, undefined>;

/** Where a figure is drawn: on its page, or off screen for a file. */
export interface Stage {
  readonly plot: HTMLElement;
  readonly legend: HTMLElement;
  /** Width of the picture, in px. */
  width(): number;
  /** Replaces the drawing with an empty one. */
  draw(height: number): Drawing;
  drawing(): SVGSVGElement | null;
  /** Cells under the drawing. */
  paint(painting: Painting): void;
  clear(): void;
}

const drawingIn = (
  plot: HTMLElement,
  width: () => number,
): Pick<Stage, 'width' | 'draw' | 'drawing' | 'clear'> => {
  let drawing: Drawing | null = null;
  return {
    width,
    draw: (height) => {
      // Before the drawing is added: otherwise the browser lays the page out again.
      const across = width();
      drawing = select(plot)
        .append('svg')
        .attr('width', across)
        .attr('height', height)
        .attr('viewBox', `0 0 ${across} ${height}`)
        .attr('aria-hidden', 'true');
      return drawing;
    },
    drawing: () => drawing?.node() ?? null,
    clear: () => {
      drawing?.remove();
      drawing = null;
    },
  };
};

export interface PageStage extends Stage {
  repaint(): void;
}

/** The plot of a page, where cells are painted on canvases. */
export const createPageStage = (): PageStage => {
  const plot = element('div', { class: 'plot' });
  const legend = element('div', { class: 'legend' });
  let canvases: CanvasLayer[] = [];
  const { clear, ...rest } = drawingIn(plot, () => Math.max(240, plot.clientWidth));
  return {
    ...rest,
    plot,
    legend,
    paint: (painting) => {
      canvases.push(createCanvasLayer(plot, painting));
    },
    repaint: () => {
      for (const canvas of canvases) canvas.repaint();
    },
    clear: () => {
      clear();
      for (const canvas of canvases) canvas.remove();
      canvases = [];
    },
  };
};

export interface PrintStage extends Stage {
  readonly paintings: readonly Painting[];
  remove(): void;
}

/**
 * A plot beside the screen, `width` px wide, in the colours of print. It is part of the document, because only there
 * do elements have computed styles and sizes.
 */
export const openPrintStage = (width: number): PrintStage => {
  const plot = element('div', { class: 'plot' });
  const legend = element('div', { class: 'legend' });
  const root = element('div', { class: 'print', inert: '', 'aria-hidden': 'true' }, plot, legend);
  root.style.width = `${width}px`;
  document.body.append(root);
  const paintings: Painting[] = [];
  const { clear, ...rest } = drawingIn(plot, () => width);
  return {
    ...rest,
    plot,
    legend,
    paintings,
    paint: (painting) => {
      paintings.push(painting);
    },
    clear: () => {
      clear();
      paintings.length = 0;
    },
    remove: () => root.remove(),
  };
};
