import * as l10n from '@vscode/l10n';
import type { Figure, FigureOptions } from '../figures/index.ts';

/** One figure of a page, not yet drawn. */
export interface Part {
  readonly title: string;
  readonly data: unknown;
  /** The texts above it, and `half` if it shares its row with the next. */
  readonly words: PartWords;
  readonly draw: (container: HTMLElement, options: FigureOptions) => Figure<unknown>;
}

export interface PartWords {
  readonly title: string;
  /** One sentence that says what to look for. */
  readonly caption: string;
  readonly half?: boolean;
  readonly level?: 3 | 4;
}

type Draw<Data> = (container: HTMLElement, data: Data, options: FigureOptions) => Figure<Data>;

/** A figure with its data and texts; the data type is hidden, so that a page can be a list of parts. */
export const part = <Data>(words: PartWords, draw: Draw<Data>, data: Data): Part => ({
  title: words.title,
  data,
  words,
  draw: (container, options) => draw(container, data, options),
});

/** The texts of figures that are on more than one page. */
export const WORDS = {
  spectrum: {
    title: l10n.t('Spectrum of the representations'),
    caption: l10n.t('Look for lines that drop early and steeply: those layers use few of their dimensions.'),
  },
  measures: {
    title: l10n.t('Measures by layer'),
    caption: l10n.t(
      'Look for ranks that fall through the head; these measures use no labels of your task and are no substitute for a probe.',
    ),
  },
  featureWeights: {
    title: l10n.t('Feature weights by layer'),
    caption: l10n.t(
      'Look for columns that fade from top to bottom: those features are weakened or lost on the way up.',
    ),
  },
  probes: {
    title: l10n.t('Probe accuracy by layer'),
    caption: l10n.t(
      'Look for the layer where a task peaks and falls off above it: what lies past the peak has been painted over.',
    ),
  },
  similarity: {
    title: l10n.t('Similarity between layers'),
    caption: l10n.t('Look for the dark step along the diagonal: there the representation changes most.'),
  },
  training: {
    title: l10n.t('Training curves'),
    caption: l10n.t(
      'Look for a loss that has levelled off: an analysis of an unfinished training describes a layer in motion.',
    ),
  },
} as const;

/** The texts of the ranking of the layers for a task. */
export const rankingWords = (task: string): PartWords => ({
  title: l10n.t('Layers ranked for {0}', task),
  caption: l10n.t(
    'Look for dots at or right of the dashed line: within one standard error of the best, of which the earliest layer is kept.',
  ),
  level: 4,
});
