import { scaleBand } from 'd3';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from '../series/format.ts';
import { largestChange, similarityTable } from '../series/similarity.ts';
import { drawNames, drawRowNames, nameAxis, rowNamesWidth } from './axis.ts';
import { drawColourBar } from './colourBar.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { cividis, inkOn } from './palette.ts';

const CELL = 42;

/** Debiased linear CKA between every two layers: 1 is the same representation up to rotation and scale. */
export const drawSimilarity = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  const { selection } = options;
  const frame = openFrame(container, options, () => similarityTable(data));
  const layers = (): string[] => data.layers.map((layer) => layer.name);

  const describe = (row: number, column: number): string => {
    const value = data.similarity.cka[row]?.[column] ?? null;
    const [a, b] = [layers()[row], layers()[column]];
    return `${a} and ${b}: ${value === null ? 'could not be computed' : `CKA ${formatNumber(value, 3)}`}`;
  };

  const render = (): void => {
    const names = layers();
    const { cka, samples } = data.similarity;
    if (!cka.flat().some((value) => value !== null)) {
      frame.drawNothing('The similarity between layers could not be computed.');
      return;
    }
    const left = rowNamesWidth(names);
    const side = Math.min(frame.width() - left - 8, CELL * names.length);
    const band = scaleBand(names, [0, side]).padding(0.04);
    const axis = nameAxis(names, band.step());
    const named = band.step() >= 9;
    const bottom = named ? axis.height + 14 : 14;
    const change = largestChange(data);
    const finding = change
      ? `Neighbours differ most between ${change.from} and ${change.to} (CKA ${formatNumber(change.cka, 3)}).`
      : '';
    const svg = frame.draw(
      side + bottom + 46,
      `${options.title}. ${finding} ${formatCount(samples)} samples.`,
    );
    const plot = svg.append('g').attr('transform', `translate(${left},6)`);
    const current = names.indexOf(selection.current() ?? '');

    names.forEach((rowName, row) => {
      names.forEach((columnName, column) => {
        const value = cka[row]?.[column] ?? null;
        const colour = value === null ? null : cividis(value);
        const group = plot
          .append('g')
          .attr('transform', `translate(${band(columnName)},${band(rowName)})`)
          .on('click', () => selection.select(rowName));
        const box = group.append('rect').attr('width', band.bandwidth()).attr('height', band.bandwidth());
        if (colour === null) box.attr('class', 'outline');
        else box.attr('fill', colour);
        if (band.bandwidth() >= 32) {
          group
            .append('text')
            .attr('class', 'value')
            .attr('x', band.bandwidth() / 2)
            .attr('y', band.bandwidth() / 2)
            .attr('dy', '0.32em')
            .attr('text-anchor', 'middle')
            .attr('fill', colour === null ? null : inkOn(colour))
            .text(value === null ? '–' : value.toFixed(2));
        }
        frame.explain(group.node() as SVGGElement, () => [describe(row, column)]);
      });
    });
    if (current >= 0) {
      const [offset, step] = [(band(names[current]) ?? 0) - 1, band.bandwidth() + 2];
      plot
        .append('rect')
        .attr('class', 'focus')
        .attr('x', -1)
        .attr('y', offset)
        .attr('width', side + 2)
        .attr('height', step);
      plot
        .append('rect')
        .attr('class', 'focus')
        .attr('x', offset)
        .attr('y', -1)
        .attr('width', step)
        .attr('height', side + 2);
    }
    const ticks = names.map((label, index) => ({
      position: (band(label) ?? 0) + band.bandwidth() / 2,
      label,
      strong: index === current,
    }));
    drawRowNames(plot, ticks, (index) => selection.select(names[index]));
    if (named) drawNames(plot.append('g').attr('transform', `translate(0,${side})`), ticks, axis);
    const bar = svg.append('g').attr('transform', `translate(${left},${side + bottom + 14})`);
    drawColourBar(bar, cividis, Math.min(160, side), ['0', '1'], `CKA, ${formatCount(samples)} samples`);
    frame.announce(
      current < 0
        ? finding
        : current + 1 < names.length
          ? `${describe(current, current + 1)}.`
          : `${describe(current, current - 1 < 0 ? current : current - 1)}.`,
    );
  };

  frame.onKeys(layerKeys(selection, layers, 'vertical'));
  return frame.open<Analysis>(render, (next) => {
    data = next;
  });
};
