/** The presentation attributes that children inherit, with the initial values of SVG. */
const INITIAL = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-opacity': '1',
  'stroke-width': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'font-size': '11',
  'font-weight': '400',
  'text-anchor': 'start',
};

type Property = keyof typeof INITIAL;

/** The style of an element of a drawing; `opacity` is that of its groups and its own. */
export type Style = Readonly<Record<Property, string>> & { readonly opacity: number };

export const INITIAL_STYLE: Style = { ...INITIAL, opacity: 1 };

const PROPERTIES = Object.keys(INITIAL) as readonly Property[];

/** The style of an element whose parent has style `parent`. A group's opacity is applied to each of its parts. */
export const styleOf = (attributes: Readonly<Record<string, string>>, parent: Style): Style => {
  const own = PROPERTIES.filter((property) => attributes[property] !== undefined);
  const opacity = attributes.opacity === undefined ? 1 : Number(attributes.opacity);
  if (own.length === 0 && opacity === 1) return parent;
  const changes = Object.fromEntries(own.map((property) => [property, attributes[property]]));
  return { ...parent, ...changes, opacity: parent.opacity * opacity };
};

/** A length in px; a number without a unit is one. */
export const lengthOf = (value: string | undefined): number => Number.parseFloat(value ?? '') || 0;

const RGB = /^rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)$/;

/** A colour as pdfkit takes it: `rgb(...)` as its parts, hexadecimal as it is; null for none. */
export const colourOf = (paint: string): readonly [number, number, number] | string | null => {
  if (paint === 'none' || paint === 'transparent') return null;
  const parts = RGB.exec(paint);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : paint;
};

/** The lengths of dashes and gaps; null for a solid line. */
export const dashesOf = (value: string): number[] | null => {
  const lengths = value.split(/[\s,]+/).map(Number.parseFloat);
  // A dash of no length is a dot of the line's cap, which pdfkit refuses.
  return lengths.every(Number.isFinite) ? lengths.map((length) => Math.max(0.01, length)) : null;
};

export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** `translate(1,2) scale(2)` as names and what is in their brackets. */
const stepsOf = (transform: string): { readonly name: string; readonly list: string }[] =>
  transform
    .split(')')
    .filter((step) => step.includes('('))
    .map((step) => {
      const bracket = step.indexOf('(');
      return { name: step.slice(0, bracket).trim(), list: step.slice(bracket + 1) };
    });

/** The steps of a `transform` attribute, outermost first. */
export const matricesOf = (transform: string | undefined): Matrix[] =>
  stepsOf(transform ?? '').map(({ name, list }): Matrix => {
    const [first = 0, second, ...rest] = list
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (name === 'translate') return [1, 0, 0, 1, first, second ?? 0];
    if (name === 'scale') return [first, 0, 0, second ?? first, 0, 0];
    if (name === 'matrix') return [first, second, rest[0], rest[1], rest[2], rest[3]];
    if (name !== 'rotate') throw new Error(`a drawing has the transform '${name}'`);
    const angle = (first * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = [second ?? 0, rest[0] ?? 0];
    return [cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos];
  });
