import { nearestLine } from '../series/nearestLine.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import type { SpectrumView } from '../series/spectrumView.ts';
import { drawBaseline } from './baseline.ts';
import type { Drawing } from './frame.ts';
import { FADED } from './palette.ts';
import { createPanel, curveOf, drawAxes, type LineStyle, type Picture, pathOf } from './spectrumPanel.ts';

export const OVERLAY_HEIGHT = 340;
const MARGIN = { left: 58, right: 16, top: 26, bottom: 44 };
/** Px around a line within which the pointer selects it. */
const REACH = 14;

/** All layers on one pair of axes; the selected and the hovered line are copies drawn over the others. */
export const drawOverlay = (
  svg: Drawing,
  view: SpectrumView,
  width: number,
  style: (index: number) => LineStyle,
): Picture => {
  const { series } = view;
  const plot = svg.append('g').attr('transform', `translate(${MARGIN.left},${MARGIN.top})`);
  const inner = OVERLAY_HEIGHT - MARGIN.top - MARGIN.bottom;
  const panel = createPanel(view, width - MARGIN.left - MARGIN.right, inner, 7);
  drawAxes(plot, panel, view.quantity);
  const lines = series.map(({ values }) => panel.place(curveOf(values), 0.5));
  const paths = lines.map(pathOf);
  const thickness = series.length > MANY_LAYERS ? 1 : 1.6;
  // A separate surface, because repainting hundreds of lines on every move of the pointer takes more than a frame.
  const all = plot.append('g').style('will-change', 'transform, opacity');
  paths.forEach((path, index) => {
    const { colour, dash } = style(index);
    all
      .append('path')
      .attr('class', 'line')
      .attr('d', path)
      .attr('stroke-dasharray', dash || null)
      .style('stroke', colour)
      .style('stroke-width', thickness);
  });
  const baseline = plot.append('g');
  const raised = [plot.append('path'), plot.append('path')];
  const raise = (place: number, index: number): void => {
    const path = raised[place].attr('class', 'line strong').attr('d', index < 0 ? null : paths[index]);
    if (index < 0) return;
    const { colour, dash } = style(index);
    path.attr('stroke-dasharray', dash || null).style('stroke', colour);
  };
  let selected = -1;
  return {
    svg,
    at: (x, y) => nearestLine(lines, x - MARGIN.left, y - MARGIN.top, REACH),
    hover: (index) => raise(1, index === selected ? -1 : index),
    select: (index) => {
      selected = index;
      raise(0, index);
      all.attr('opacity', index < 0 ? null : FADED);
      baseline.selectAll('*').remove();
      if (index >= 0) drawBaseline(baseline, panel, view.baseline(index));
    },
    reveal: () => svg.node()?.scrollIntoView({ block: 'nearest' }),
  };
};
