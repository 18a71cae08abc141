import { textWidth } from '../series/format.ts';
import { copyWithStyle, svgElement } from './svgCopy.ts';
import { wrapText } from './textLines.ts';

interface Entry {
  readonly swatch: SVGSVGElement | null;
  readonly text: string;
}

const SIZE = 11;
const LINE = 17;
const SPACE = 16;

/** The entries of a figure's legend: a swatch with its name, or a sentence. Hints about interaction are left out. */
const entriesOf = (legend: Element): Entry[] =>
  [...legend.childNodes].flatMap((node): Entry[] => {
    if (node.nodeType === Node.TEXT_NODE) return [{ swatch: null, text: node.textContent?.trim() ?? '' }];
    if (!(node instanceof Element) || node.matches('.hint, [hidden], input, select')) return [];
    if (node instanceof SVGSVGElement) return [{ swatch: node, text: '' }];
    // A box that is not ticked, or a button that is not pressed, hides its series.
    if (node.querySelector('input:not(:checked)') || node.matches('[aria-pressed="false"]')) return [];
    const swatches = node.querySelectorAll('svg');
    if (swatches.length > 1) return entriesOf(node);
    const texts = [...node.childNodes].filter((child) => child !== swatches[0]);
    const text = texts.map((child) => child.textContent ?? '').join('');
    return [{ swatch: swatches[0] ?? null, text: text.trim() }];
  });

/** Draws the legend from `top` down, in lines of at most `width` px; returns its height. */
export const drawLegendCopy = (
  group: SVGElement,
  legend: Element,
  width: number,
  top: number,
  colour: string,
): number => {
  let [x, y, height] = [0, top, 0];
  const newLine = (): void => {
    y += height;
    [x, height] = [0, 0];
  };
  for (const { swatch, text } of entriesOf(legend)) {
    if (!swatch && text === '') continue;
    const box = swatch?.getBoundingClientRect();
    const indent = box ? box.width + 6 : 0;
    const lines = wrapText(text, width - indent, SIZE);
    const taken = lines.reduce((most, line) => Math.max(most, indent + textWidth(line, SIZE)), indent);
    if (x > 0 && x + taken > width) newLine();
    if (swatch && box) {
      const copy = copyWithStyle(swatch);
      copy.setAttribute('x', String(x));
      copy.setAttribute('y', String(y + Math.max(0, (LINE - box.height) / 2)));
      group.append(copy);
    }
    lines.forEach((line, index) => {
      const place = { x: x + indent, y: y + 12 + LINE * index, 'font-size': SIZE, fill: colour };
      group.append(svgElement('text', place, line));
    });
    height = Math.max(height, LINE * lines.length, (box?.height ?? 0) + 4);
    x += taken + SPACE;
  }
  newLine();
  return y - top;
};
