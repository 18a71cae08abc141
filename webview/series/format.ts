/** Numbers and names as printed in figures. */
export {
  formatBytes,
  formatCount,
  formatFixed,
  formatInterval,
  formatNumber,
  formatPercent,
  formatRoundPercent,
  formatScaled,
  formatShare,
  formatSigned,
  percentOf,
  shorten,
} from '../../src/protocol/messages.ts';

/** Upper bound of the width in px of `text` at `size` px, estimated for the system's sans serif. */
export const textWidth = (text: string, size: number): number => 0.62 * size * [...text].length;

/** The first of these texts that fits in `width` px, or else the last. */
export const fittingText = (texts: readonly string[], width: number, size: number): string =>
  texts.find((text) => textWidth(text, size) <= width) ?? texts[texts.length - 1];
