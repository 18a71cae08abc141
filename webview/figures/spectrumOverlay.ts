import type { LayerLabel } from '../../src/protocol/messages.ts';
import { lineEndTexts } from '../series/lineLabels.ts';
import { pathOf } from '../series/linePath.ts';
import { nearestLine, type PixelLine } from '../series/nearestLine.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import type { SpectrumView } from '../series/spectrumView.ts';
import { valuesAtK } from '../series/valuesAtK.ts';
import { FONT_SIZE } from './axis.ts';
import { drawBaseline } from './baseline.ts';
import type { Drawing } from './frame.ts';
import { drawLineLabels } from './lineLabels.ts';
import { FADED } from './palette.ts';
import { drawAxes, type LineStyle, type Picture } from './spectrumPanel.ts';
import { createPanel, curveOf } from './spectrumScales.ts';

export const OVERLAY_HEIGHT = 340;
const MARGIN = { left: 58, right: 16, top: 26, bottom: 44 };
/** Px around a line within which the pointer selects it. */
const REACH = 14;
const NO_LINE: PixelLine = { xs: [], ys: [] };

/** All layers on one pair of axes; the selected and the hovered line are copies drawn over the others. */
export const drawOverlay = (
  svg: Drawing,
  view: SpectrumView,
  width: number,
  labels: readonly LayerLabel[],
  style: (index: number) => LineStyle,
): Picture => {
  const { series } = view;
  const ends = view.endsDiffer ? lineEndTexts(labels, width) : null;
  const plot = svg.append('g').attr('transform', `translate(${MARGIN.left},${MARGIN.top})`);
  const inner = OVERLAY_HEIGHT - MARGIN.top - MARGIN.bottom;
  const panel = createPanel(view, width - MARGIN.left - Math.max(MARGIN.right, ends?.room ?? 0), inner, 7);
  drawAxes(plot, panel, view.quantity);
  const lines = series.map(({ values }) => panel.place(curveOf(values), 0.5));
  const paths = lines.map(pathOf);
  const thickness = series.length > MANY_LAYERS ? 1 : 1.6;
  // A separate surface, because repainting hundreds of lines on every move of the pointer takes more than a frame.
  const all = plot.append('g').style('will-change', 'transform, opacity');
  const drawn = paths.map((path, index) => {
    const { colour, dash } = style(index);
    const line = all.append('path').attr('class', 'line').attr('d', path);
    return line
      .attr('stroke-dasharray', dash || null)
      .style('stroke', colour)
      .style('stroke-width', thickness);
  });
  const baseline = plot.append('g');
  const raised = [plot.append('path'), plot.append('path')];
  const room = { top: FONT_SIZE / 2, bottom: inner - FONT_SIZE / 2, spacing: FONT_SIZE + 2 };
  const names = ends && drawLineLabels(plot.append('g'), { lines, labels, ends, style }, room);

  let hidden: ReadonlySet<number> = new Set();
  let selected = -1;
  const raise = (place: number, index: number): void => {
    const shown = index >= 0 && !hidden.has(index);
    const path = raised[place].attr('class', 'line strong').attr('d', shown ? paths[index] : null);
    if (!shown) return;
    const { colour, dash } = style(index);
    path.attr('stroke-dasharray', dash || null).style('stroke', colour);
  };
  const select = (index: number): void => {
    selected = index;
    raise(0, index);
    names?.select(index);
    all.attr('opacity', index < 0 || hidden.has(index) ? null : FADED);
    baseline.selectAll('*').remove();
    if (index >= 0 && !hidden.has(index)) drawBaseline(baseline, panel, view.baseline(index));
  };
  names?.write(hidden);
  return {
    svg,
    at: (x, y) => {
      const visible =
        hidden.size === 0 ? lines : lines.map((line, index) => (hidden.has(index) ? NO_LINE : line));
      return nearestLine(visible, x - MARGIN.left, y - MARGIN.top, REACH);
    },
    values: (x, y) => {
      const [px, py] = [x - MARGIN.left, y - MARGIN.top];
      if (px < 0 || px > panel.width || py < 0 || py > panel.height) return null;
      const isDrawn = (index: number, value: number): boolean => !hidden.has(index) && value >= panel.least;
      return valuesAtK(series, panel.kAt(px), isDrawn, (value) => Math.abs(panel.y(value) - py));
    },
    hover: (index) => raise(1, index === selected ? -1 : index),
    select,
    hide: (next) => {
      hidden = next;
      drawn.forEach((line, index) => {
        line.attr('visibility', hidden.has(index) ? 'hidden' : null);
      });
      names?.write(hidden);
      raise(1, -1);
      select(selected);
    },
    reveal: () => svg.node()?.scrollIntoView({ block: 'nearest' }),
  };
};
