import {
  interpolateCividis,
  interpolatePuOr,
  interpolateViridis,
  rgb,
  type SymbolType,
  symbolCircle,
  symbolCross,
  symbolDiamond2,
  symbolSquare2,
  symbolStar,
  symbolTriangle,
} from 'd3';

/** One colour for light themes and one for dark ones, each at least 3:1 against its background. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** CSS that follows the colour scheme of the page, so that a theme change needs no redraw. */
export const css = (colour: Colour): string => `light-dark(${colour.light}, ${colour.dark})`;

/** Okabe and Ito's colours, chosen per theme for contrast; their orange is darkened on white. */
export const SERIES_COLOURS: readonly Colour[] = [
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#d55e00', dark: '#e69f00' },
  { light: '#009e73', dark: '#009e73' },
  { light: '#c56a9d', dark: '#cc79a7' },
  { light: '#1f1f1f', dark: '#f0e442' },
  { light: '#a66f00', dark: '#d55e00' },
];

/**
 * Twelve hues, 30 degrees apart, neighbours in this list far apart: of each the strongest shade of CIE lightness 45 on
 * light themes and 75 on dark ones.
 */
const LINE_COLOURS: readonly Colour[] = [
  { light: '#0071b4', dark: '#83bfff' },
  { light: '#b84100', dark: '#ff9f71' },
  { light: '#00787b', dark: '#00ced3' },
  { light: '#ca0083', dark: '#ff98c9' },
  { light: '#007c23', dark: '#5ecf66' },
  { light: '#4c60e3', dark: '#b5b2ff' },
  { light: '#876400', dark: '#e3b03a' },
  { light: '#007592', dark: '#00cafa' },
  { light: '#d10245', dark: '#ff9ca1' },
  { light: '#007a5f', dark: '#00d2a5' },
  { light: '#a53abd', dark: '#ef99ff' },
  { light: '#5e7200', dark: '#aac33c' },
];
const LINE_DASHES = ['', '7 3', '2 2.5', '9 3 2 3'];

/** One of up to twelve lines: no two of one dash have neighbouring hues. */
export const lineStyle = (index: number): { readonly colour: Colour; readonly dash: string } => ({
  colour: LINE_COLOURS[index % LINE_COLOURS.length],
  dash: LINE_DASHES[index % LINE_DASHES.length],
});

const MARKERS: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare2,
  symbolTriangle,
  symbolDiamond2,
  symbolCross,
  symbolStar,
];

export interface SeriesStyle {
  readonly colour: Colour;
  readonly marker: SymbolType;
}

/** Colour and marker together stay distinct for 36 series. */
export const seriesStyle = (index: number): SeriesStyle => ({
  colour: SERIES_COLOURS[index % SERIES_COLOURS.length],
  marker: MARKERS[(index + Math.floor(index / SERIES_COLOURS.length)) % MARKERS.length],
});

/** Viridis by depth, `fraction` 0 at the input: in each theme the range with enough contrast, even dotted or faded. */
export const depthColour = (fraction: number): Colour => ({
  light: rgb(interpolateViridis(0.42 * fraction)).formatHex(),
  dark: rgb(interpolateViridis(0.55 + 0.45 * fraction)).formatHex(),
});

/** Opacity of the lines behind a selected one: still at least 3:1. */
export const FADED = 0.75;

/** The dash of a layer's part, so that encoder and head differ without colour. */
export const PART_DASH: Readonly<Record<string, string>> = {
  input: '2 2.5',
  encoder: '',
  head: '6 3',
  classifier: '8 3 2 3',
};

const ramp =
  (interpolate: (fraction: number) => string) =>
  (fraction: number): string =>
    rgb(interpolate(Math.max(0, Math.min(1, fraction)))).formatHex();

/** Sequential colours of a fraction in [0, 1], clamped. */
export const viridis = ramp(interpolateViridis);
export const cividis = ramp(interpolateCividis);

/** Purple below the middle and orange above it, which differ in lightness from white and for every kind of colour vision. */
export const diverging = ramp(interpolatePuOr);

/** Relative luminance of an sRGB colour, in [0, 1] (WCAG 2.2). */
export const luminance = (colour: string): number => {
  const { r, g, b } = rgb(colour);
  const linear = (channel: number): number =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
};

/** Contrast ratio in [1, 21] (WCAG 2.2). */
export const contrast = (a: string, b: string): number => {
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
};

/** Black or white, whichever reads better on `background`. */
export const inkOn = (background: string): string =>
  contrast(background, '#000000') >= contrast(background, '#ffffff') ? '#000000' : '#ffffff';
