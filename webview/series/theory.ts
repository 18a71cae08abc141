import * as l10n from '@vscode/l10n';
import type { TheoryDocument, TheoryQuestion } from '../../src/protocol/messages.ts';
import type { WeightCell } from './featureWeights.ts';
import { formatNumber } from './format.ts';
import type { Cell, Table } from './table.ts';

/** The fields as the user typed them. */
export interface TheoryForm {
  readonly strengths: string;
  readonly noise: string;
  readonly layers: string;
  /** Empty for none. */
  readonly drop: string;
  readonly weightDecay: string;
  /** Empty for the same as in training. */
  readonly downstream: string;
}

/** Five features that two layers weight in different order, so that the layer to keep depends on the feature. */
export const FIRST_FORM: TheoryForm = {
  strengths: '0.3, 0.6, 1, 1.5, 2.5',
  noise: '1, 0.5, 1, 0.5, 0.3',
  layers: '2',
  drop: '',
  weightDecay: '',
  downstream: '',
};

/** More columns could not be told apart. */
const MOST_FEATURES = 200;
const MOST_LAYERS = 100;

/** A list as it was typed, or a sentence that says what is wrong with it. */
const numbersIn = (text: string, name: string): number[] | string => {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const wrong = words.find((word) => !Number.isFinite(Number(word)));
  if (wrong !== undefined)
    return l10n.t('{0}: {1} is not a number. Separate numbers with commas.', name, wrong);
  if (words.length > MOST_FEATURES)
    return l10n.t('{0}: {1} numbers are too many. Give at most {2}.', name, words.length, MOST_FEATURES);
  return words.map(Number);
};

/** The question of a form, or a sentence that says what is wrong with it. The engine checks the numbers. */
export const questionOf = (form: TheoryForm): TheoryQuestion | string => {
  const strengths = numbersIn(form.strengths, l10n.t('Strengths'));
  if (typeof strengths === 'string') return strengths;
  const noise = numbersIn(form.noise, l10n.t('Noise'));
  if (typeof noise === 'string') return noise;
  const layers = Number(form.layers);
  if (!Number.isInteger(layers) || layers < 1 || layers > MOST_LAYERS)
    return l10n.t('Layers: give a whole number from 1 to {0}.', MOST_LAYERS);
  const more = moreOf(form);
  return typeof more === 'string' ? more : { strengths, noise, layers, ...more };
};

type More = Pick<TheoryQuestion, 'drop' | 'weightDecay' | 'downstreamStrengths'>;

/** What may be left out. */
const moreOf = ({ drop, weightDecay, downstream }: TheoryForm): More | string => {
  const dropped = isEmpty(drop) ? null : numbersIn(drop, l10n.t('Dropped'));
  if (typeof dropped === 'string') return dropped;
  const strengths = isEmpty(downstream) ? null : numbersIn(downstream, l10n.t('Downstream'));
  if (typeof strengths === 'string') return strengths;
  const decay = isEmpty(weightDecay) ? [] : numbersIn(weightDecay, l10n.t('Weight decay'));
  if (typeof decay === 'string') return decay;
  if (decay.length > 1) return l10n.t('Weight decay: give one number.');
  return {
    ...(dropped === null ? {} : { drop: dropped }),
    ...(strengths === null ? {} : { downstreamStrengths: strengths }),
    ...(decay.length === 0 ? {} : { weightDecay: decay[0] }),
  };
};

const isEmpty = (text: string): boolean => text.trim() === '';

/** `layer 1`, and for the last one `layer 2 (output)`. */
export const theoryLayers = ({ layers }: TheoryDocument): string[] =>
  layers.map(({ layer }) =>
    layer === layers.length ? l10n.t('layer {0} (output)', layer) : l10n.t('layer {0}', layer),
  );

export const theoryFeatures = ({ features }: TheoryDocument): string[] =>
  features.map(({ feature }) => l10n.t('feature {0}', feature));

export const theoryCells = ({ layers }: TheoryDocument): WeightCell[][] =>
  layers.map(({ weights }) =>
    weights.map((weight) => ({ weight, interval: null, absent: false, theory: null })),
  );

/** Whether the layer in a row has the smallest sample complexity of all for the feature in a column; no layer for a lost one. */
export const isBest = ({ layers, features }: TheoryDocument, row: number, column: number): boolean =>
  features[column].postWeight > 0 && features[column].bestLayer === layers[row].layer;

export const describeCell = (document: TheoryDocument, row: number, column: number): string => {
  const { strengths, noise, layers } = document;
  const words = l10n.t(
    '{0}, {1} (strength {2}, noise {3}): predicted weight {4}',
    theoryLayers(document)[row],
    theoryFeatures(document)[column],
    formatNumber(strengths[column]),
    formatNumber(noise[column]),
    formatNumber(layers[row].weights[column]),
  );
  return isBest(document, row, column) ? l10n.t('{0}; the layer to keep for this feature', words) : words;
};

/** The features for which a layer is the one to keep; of every layer for a row of -1. */
export const describeBest = (document: TheoryDocument, row: number): string => {
  const names = theoryFeatures(document);
  if (row < 0) {
    const layers = theoryLayers(document);
    const each = document.features.map(({ postWeight, bestLayer }, column) =>
      postWeight > 0
        ? `${names[column]}: ${layers[bestLayer - 1]}`
        : l10n.t('{0}: none, no layer has it', names[column]),
    );
    return l10n.t('The layer to keep: {0}.', each.join('; '));
  }
  const best = names.filter((_, column) => isBest(document, row, column));
  const layer = theoryLayers(document)[row];
  return best.length === 0
    ? l10n.t('{0} is the layer to keep for no feature.', layer)
    : l10n.t('{0} is the layer to keep for {1}.', layer, best.join(', '));
};

/** One row per layer and feature. */
export const theoryTable = (document: TheoryDocument): Table => ({
  columns: ['layer', 'feature', 'strength', 'noise', 'predicted weight', 'tau', 'to keep'],
  rows: document.layers.flatMap(({ layer, weights }, row) =>
    weights.map((weight, column): Cell[] => [
      layer,
      document.features[column].feature,
      document.strengths[column],
      document.noise[column],
      weight,
      document.features[column].tau,
      isBest(document, row, column) ? 'yes' : '',
    ]),
  ),
});
