import * as l10n from '@vscode/l10n';
import type { Recommendation } from '../../src/protocol/messages.ts';
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
    caption: l10n.t('Look for lines that drop early and steeply: these layers use few of their dimensions.'),
  },
  measures: {
    title: l10n.t('Measures by layer'),
    caption: l10n.t(
      'Look for ranks that fall in the head. These measures do not use the labels of your task, so they do not replace a probe.',
    ),
  },
  featureWeights: {
    title: l10n.t('Feature weights by layer'),
    caption: l10n.t(
      'Look for columns that fade from top to bottom: later layers weaken or lose these features.',
    ),
  },
  probes: {
    title: l10n.t('Probe accuracy by layer'),
    caption: l10n.t(
      'Look for the layer where the accuracy of a task peaks: accuracy that falls after the peak means that later layers discard what the task needs.',
    ),
  },
  similarity: {
    title: l10n.t('Similarity between layers'),
    caption: l10n.t('Look for a dark step along the diagonal: the representation changes most there.'),
  },
  training: {
    title: l10n.t('Training curves'),
    caption: l10n.t(
      'Check that the loss has levelled off: as long as it falls, the layers and their measures still change.',
    ),
  },
} as const;

/** The texts of the ranking of the layers for a task. */
export const rankingWords = ({ task, criterion }: Recommendation): PartWords => ({
  title: l10n.t('Layers ranked for {0}', task),
  caption: l10n.t(
    '{0} on the samples that layers are ranked by. Look for the star and for the filled dots: these layers cannot be told apart from the best one. Whiskers are 95 % intervals of each; layers are compared on the same samples, which tells them apart better than the whiskers.',
    criterion === 'R²' ? l10n.t('R²') : l10n.t('Accuracy'),
  ),
  level: 4,
});
