import { plainColour } from './plainColour.ts';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** The style properties of a drawing; all except opacity are inherited. */
const PRESENTATION = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'visibility',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'opacity',
];
const LEFT_OUT = new Set([...PRESENTATION, 'style', 'class', 'aria-hidden', 'role', 'tabindex']);

type Presentation = Map<string, string>;

/** Mixed colours, colours with alpha and quoted references are CSS, which other SVG readers do not support. */
const plainPaint = (style: Presentation, property: 'fill' | 'stroke'): void => {
  const paint = style.get(property) ?? '';
  if (/^(?:rgba|color)\(/.test(paint)) {
    const { colour, alpha } = plainColour(paint);
    const opacity = Number(style.get(`${property}-opacity`)) * alpha;
    style.set(`${property}-opacity`, String(opacity));
    style.set(property, opacity === 0 ? 'none' : colour);
  } else style.set(property, paint.replaceAll(/["']/g, ''));
};

const presentationOf = (node: Element): Presentation => {
  const computed = getComputedStyle(node);
  const style = new Map(PRESENTATION.map((property) => [property, computed.getPropertyValue(property)]));
  plainPaint(style, 'fill');
  plainPaint(style, 'stroke');
  return style;
};

const copied = (node: Element, inherited: Presentation): SVGElement | null => {
  const style = presentationOf(node);
  // Marks that wait for a layer or the pointer.
  if (style.get('visibility') === 'hidden') return null;
  const copy = document.createElementNS(SVG_NAMESPACE, node.localName) as SVGElement;
  for (const { name, value } of node.attributes) if (!LEFT_OUT.has(name)) copy.setAttribute(name, value);
  for (const [property, value] of style) {
    const unchanged = property === 'opacity' ? value === '1' : inherited.get(property) === value;
    if (!unchanged) copy.setAttribute(property, value);
  }
  for (const child of node.childNodes) {
    if (child instanceof Element) copy.append(copied(child, style) ?? '');
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? '');
  }
  return copy;
};

/**
 * A copy of a part of an SVG with its computed styles as attributes, without what is hidden. It is built from scratch
 * instead of cloned, because a strict content policy may refuse the style attributes of a clone.
 */
export const copyWithStyle = (node: Element): SVGElement => copied(node, new Map()) ?? svgElement('g');

export const svgElement = (
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  text = '',
): SVGElement => {
  const node = document.createElementNS(SVG_NAMESPACE, name) as SVGElement;
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, String(value));
  if (text !== '') node.textContent = text;
  return node;
};
