import { type Selection, select } from 'd3';
import type { Table } from '../series/table.ts';
import { element } from './element.ts';
import type { LayerSelection } from './layerSelection.ts';
import { standaloneSvg } from './svgExport.ts';
import { tableToggle } from './table.ts';
import { createTooltip, type Tooltip } from './tooltip.ts';

/** What every `drawX` returns. */
export interface Figure<Data> {
  update(data: Data): void;
  destroy(): void;
  /** The picture as an SVG file of its own, in the colours of the present theme. */
  toSvg(): string;
}

export interface FigureOptions {
  readonly selection: LayerSelection;
  readonly title: string;
  /** One sentence that says what to look for. */
  readonly caption: string;
  /** Level of the title in the page's outline; 3 unless told. */
  readonly level?: 3 | 4;
}

export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type Drawing = Selection<SVGSVGElement, unknown, null, undefined>;

export interface Frame {
  readonly controls: HTMLElement;
  readonly legend: HTMLElement;
  readonly tooltip: Tooltip;
  /** Room for the picture, in px. */
  width(): number;
  /** Puts an empty drawing in the place of the last one; `summary` is what a screen reader says of it. */
  draw(height: number, summary: string): Drawing;
  /** A sentence instead of a drawing, and no table; with `keepControls`, another view may still have something. */
  drawNothing(reason: string, keepControls?: 'keepControls'): void;
  /** Speaks and prints one line, such as the values at the selected layer. */
  announce(line: string): void;
  /** Arrow, Home, End and Escape keys while the picture has the focus; Escape also hides the tooltip. */
  onKeys(keys: Readonly<Record<string, () => void>>): void;
  /** Shows the tooltip while the pointer is over a mark. */
  explain(mark: Element, lines: () => readonly string[]): void;
  /** Draws now, and again whenever the width or the selected layer changes. */
  open<Data>(render: () => void, replace: (data: Data) => void): Figure<Data>;
}

/** Title, caption, controls, picture, readout and the table behind it: the same around every figure. */
export const openFrame = (container: HTMLElement, options: FigureOptions, table: () => Table): Frame => {
  const controls = element('div', {
    class: 'controls',
    role: 'group',
    'aria-label': `${options.title}: view`,
  });
  const plot = element('div', { class: 'plot', tabindex: '0', role: 'img' });
  const legend = element('div', { class: 'legend' });
  const readout = element('p', { class: 'readout', 'aria-live': 'polite' });
  const behind = tableToggle(options.title, table);
  const heading = element(
    'figcaption',
    {},
    element(options.level === 4 ? 'h4' : 'h3', {}, options.title),
    element('p', {}, options.caption),
  );
  const root = element('figure', { class: 'figure' }, heading, controls, plot, legend, readout, behind.root);
  container.append(root);
  const tooltip = createTooltip(plot);
  let drawing: Drawing | null = null;

  return {
    controls,
    legend,
    tooltip,
    width: () => Math.max(240, plot.clientWidth),
    draw: (height, summary) => {
      const width = Math.max(240, plot.clientWidth);
      drawing?.remove();
      plot.querySelector('.empty')?.remove();
      tooltip.hide();
      behind.root.hidden = false;
      controls.hidden = false;
      plot.setAttribute('aria-label', summary);
      drawing = select(plot)
        .append('svg')
        .attr('width', width)
        .attr('height', height)
        .attr('viewBox', `0 0 ${width} ${height}`)
        .attr('aria-hidden', 'true');
      return drawing;
    },
    drawNothing: (reason, keepControls) => {
      behind.root.hidden = true;
      controls.hidden = keepControls === undefined;
      drawing?.remove();
      drawing = null;
      plot.querySelector('.empty')?.remove();
      plot.append(element('p', { class: 'empty' }, reason));
      plot.setAttribute('aria-label', reason);
      legend.replaceChildren();
      readout.textContent = '';
    },
    announce: (line) => {
      readout.textContent = line;
    },
    onKeys: (keys) => {
      plot.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') tooltip.hide();
        const action = keys[event.key];
        if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
      });
    },
    explain: (mark, lines) => {
      mark.addEventListener('pointermove', (event) => {
        const box = plot.getBoundingClientRect();
        const { clientX, clientY } = event as PointerEvent;
        tooltip.show(lines(), clientX - box.left, clientY - box.top);
      });
      mark.addEventListener('pointerleave', () => tooltip.hide());
    },
    open: (render, replace) => {
      const redraw = (): void => {
        render();
        behind.update();
      };
      let width = plot.clientWidth;
      const resize = new ResizeObserver(() => {
        if (plot.clientWidth === width) return;
        width = plot.clientWidth;
        render();
      });
      resize.observe(plot);
      const unsubscribe = options.selection.subscribe(render);
      redraw();
      return {
        update: (data) => {
          replace(data);
          redraw();
        },
        destroy: () => {
          resize.disconnect();
          unsubscribe();
          root.remove();
        },
        toSvg: () => {
          const node = drawing?.node();
          return node ? standaloneSvg(node) : '';
        },
      };
    },
  };
};

/** Arrow keys that move the selected layer along `layers`; Escape selects none. */
export const layerKeys = (
  selection: LayerSelection,
  layers: () => readonly string[],
  direction: 'horizontal' | 'vertical',
): Record<string, () => void> => {
  const [back, on] = direction === 'horizontal' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const many = Number.MAX_SAFE_INTEGER;
  return {
    [back]: () => selection.move(layers(), -1),
    [on]: () => selection.move(layers(), 1),
    Home: () => selection.move(layers(), -many),
    End: () => selection.move(layers(), many),
    Escape: () => selection.select(null),
  };
};
