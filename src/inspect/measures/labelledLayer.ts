import type { Source, SourceLayer } from '../../sources/index.ts';
import type { LabelledLayer } from './collapse.ts';

/** The training label on the test split, and the classifier that reads this layer; null for a source without such a label. */
export const labelledLayer = (source: Source, layer: SourceLayer): LabelledLayer | null => {
  const label = source.splits.test.factors.find(({ name }) => name === source.trainingLabel);
  if (label?.kind !== 'categorical') return null;
  return {
    labels: label.values,
    classes: label.classes.length,
    classifier: source.classifierOf(layer.name),
  };
};
