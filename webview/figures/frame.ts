import * as l10n from '@vscode/l10n';
import { type Selection, select } from 'd3';
import type { FigureFormat } from '../../src/protocol/index.ts';
import { type Table, toCsv } from '../series/table.ts';
import { type CanvasLayer, createCanvasLayer, type Paint } from './canvasLayer.ts';
import type { Box } from './cellGrid.ts';
import { describeControls } from './controls.ts';
import { element } from './element.ts';
import type { LayerSelection } from './layerSelection.ts';
import { pngOf } from './pngExport.ts';
import { type SaveFigure, saveButtons } from './saveButtons.ts';
import { standaloneSvg } from './svgExport.ts';
import { tableToggle } from './table.ts';
import { watchTheme } from './theme.ts';
import { createTooltip, type Tooltip } from './tooltip.ts';

/** The return type of every `drawX`. */
export interface Figure<Data> {
  update(data: Data): void;
  destroy(): void;
  /** The figure as a standalone SVG file, in the colours of the current theme; empty when nothing is drawn. */
  toSvg(): string;
  /** The same as a PNG with `scale` pixels per px, 2 by default. Rejects with an `Error` if nothing can be drawn. */
  toPng(scale?: number): Promise<Blob>;
  /** The table behind the picture, RFC 4180, numbers in full. */
  toCsv(): string;
}

export interface FigureOptions {
  readonly selection: LayerSelection;
  readonly title: string;
  /** One sentence that says what to look for. */
  readonly caption: string;
  /** Level of the title in the page's outline; 3 by default. */
  readonly level?: 3 | 4;
  /** Gets the file when the user saves the figure; without it the figure cannot be saved. */
  readonly onSave?: SaveFigure;
}

export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type Drawing = Selection<SVGSVGElement, unknown, null, undefined>;

export interface Frame {
  readonly controls: HTMLElement;
  readonly legend: HTMLElement;
  readonly tooltip: Tooltip;
  /** Width of the picture, in px. */
  width(): number;
  /** Replaces the drawing with an empty one; `summary` is its description for screen readers. */
  draw(height: number, summary: string): Drawing;
  /** A canvas under the drawing of `draw`, painted now, and repainted when the theme changes. */
  paint(place: Box, paint: Paint): void;
  /** A sentence instead of a drawing, and no table; with `keepControls`, because another view may have data. */
  drawNothing(reason: string, keepControls?: 'keepControls'): void;
  /** Announces and shows one line, such as the values at the selected layer. */
  announce(line: string): void;
  /** Handlers of keys while the picture has the focus, and of what follows every key; Escape also hides the tooltip. */
  onKeys(keys: Readonly<Record<string, () => void>>, after?: () => void): void;
  /** Shows the tooltip while the pointer is over a mark. */
  explain(mark: Element, lines: () => readonly string[]): void;
  /** The same for the whole picture: what is at a point, in px, and what a click there does. */
  explainAt(
    lines: (x: number, y: number) => readonly string[] | null,
    pick: (x: number, y: number) => void,
  ): void;
  /**
   * Draws now, and again whenever the width or the selected layer changes. With `mark`, a change of the layer calls
   * it instead, to move marks without redrawing the picture.
   */
  open<Data>(render: () => void, replace: (data: Data) => void, mark?: () => void): Figure<Data>;
}

/** Title, caption, controls, picture, readout and data table: the same for every figure. */
export const openFrame = (container: HTMLElement, options: FigureOptions, table: () => Table): Frame => {
  const { title, level, caption, selection, onSave } = options;
  const controls = element('div', {
    class: 'controls',
    role: 'group',
    'aria-label': l10n.t('{0}: view', title),
  });
  const plot = element('div', { class: 'plot' });
  const legend = element('div', { class: 'legend' });
  const readout = element('p', { class: 'readout', 'aria-live': 'polite' });
  const behind = tableToggle(title, table);
  const heading = element(
    'figcaption',
    {},
    element(level === 4 ? 'h4' : 'h3', {}, title),
    element('p', {}, caption),
  );
  const root = element('figure', { class: 'figure' }, heading, controls, plot, legend, readout);
  container.append(root);
  const tooltip = createTooltip(plot);
  let drawing: Drawing | null = null;
  let canvases: CanvasLayer[] = [];

  const toSvg = (): string => {
    const node = drawing?.node();
    return node
      ? standaloneSvg({ title, settings: describeControls(controls), drawing: node, canvases, legend })
      : '';
  };
  const toPng = async (scale = 2): Promise<Blob> => {
    const svg = toSvg();
    if (svg === '') throw new Error(l10n.t('nothing is drawn'));
    return pngOf(svg, scale);
  };
  const content = async (format: FigureFormat): Promise<string | Blob> => {
    if (format === 'csv') return toCsv(table());
    return format === 'svg' ? toSvg() : toPng();
  };
  const announce = (line: string): void => {
    readout.textContent = line;
  };
  const save = onSave ? saveButtons(title, content, onSave, announce) : null;
  if (save) root.append(save);
  root.append(behind.root);
  plot.addEventListener('blur', () => tooltip.hide());

  const clear = (): void => {
    drawing?.remove();
    drawing = null;
    for (const canvas of canvases) canvas.remove();
    canvases = [];
    plot.querySelector('.empty')?.remove();
    tooltip.hide();
  };
  /** Without a picture there is nothing to save, to show as a table or to control with keys. */
  const show = (drawn: boolean, name: string): void => {
    behind.root.hidden = !drawn;
    if (save) save.hidden = !drawn;
    plot.setAttribute('aria-label', name);
    plot.setAttribute('role', drawn ? 'application' : 'group');
    if (drawn) {
      plot.setAttribute('tabindex', '0');
      plot.setAttribute('aria-roledescription', l10n.t('interactive figure'));
    } else {
      plot.removeAttribute('tabindex');
      plot.removeAttribute('aria-roledescription');
    }
  };
  const width = (): number => Math.max(240, plot.clientWidth);

  return {
    controls,
    legend,
    tooltip,
    width,
    draw: (height, summary) => {
      clear();
      controls.hidden = false;
      show(true, summary);
      drawing = select(plot)
        .append('svg')
        .attr('width', width())
        .attr('height', height)
        .attr('viewBox', `0 0 ${width()} ${height}`)
        .attr('aria-hidden', 'true');
      return drawing;
    },
    paint: (place, paint) => {
      canvases.push(createCanvasLayer(plot, place, paint));
    },
    drawNothing: (reason, keepControls) => {
      clear();
      controls.hidden = keepControls === undefined;
      show(false, reason);
      plot.append(element('p', { class: 'empty' }, reason));
      legend.replaceChildren();
      announce('');
    },
    announce,
    onKeys: (keys, after) => {
      plot.addEventListener('keydown', (event) => {
        const action = keys[event.key];
        if (!action || !drawing || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
        after?.();
        if (event.key === 'Escape') tooltip.hide();
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
    explainAt: (lines, pick) => {
      const at = (event: MouseEvent): [number, number] => {
        const box = plot.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      plot.addEventListener('pointermove', (event) => {
        const [x, y] = at(event);
        const found = drawing && lines(x, y);
        if (found) tooltip.show(found, x, y);
        else tooltip.hide();
      });
      plot.addEventListener('pointerleave', () => tooltip.hide());
      plot.addEventListener('click', (event) => drawing && pick(...at(event)));
    },
    open: (render, replace, mark) => {
      const redraw = (): void => {
        render();
        behind.update();
      };
      let drawnWidth = plot.clientWidth;
      const resize = new ResizeObserver(() => {
        if (plot.clientWidth === drawnWidth) return;
        drawnWidth = plot.clientWidth;
        render();
      });
      resize.observe(plot);
      const unsubscribe = selection.subscribe(mark ?? render);
      const unwatch = watchTheme(() => {
        for (const canvas of canvases) canvas.repaint();
      });
      redraw();
      return {
        update: (data) => {
          replace(data);
          redraw();
        },
        destroy: () => {
          resize.disconnect();
          unsubscribe();
          unwatch();
          root.remove();
        },
        toSvg,
        toPng,
        toCsv: () => toCsv(table()),
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
