import type { TensorData } from '../../runtime/index.ts';
import { matrixOf } from '../../spectrum/index.ts';
import type { Inspection } from '../inspection.ts';
import type { TappedLayer } from '../tappedLayer.ts';
import type { Classifier, LabelledLayer } from './collapse.ts';

/** The training label on the test split, and the classifier that reads this layer; null for a loss without labels. */
export const labelledLayer = (
  { experiment, data, model, variables }: Inspection,
  layer: TappedLayer,
): LabelledLayer | null => {
  const { loss } = experiment;
  if (!('label' in loss)) return null;
  const label = data.test.factors.find(({ name }) => name === loss.label);
  if (label?.kind !== 'categorical') return null;
  const below = model.layers[model.layers.findIndex(({ part }) => part === 'classifier') - 1];
  return {
    labels: label.values,
    classes: label.classes.length,
    classifier: below?.name === layer.name ? classifierOf(variables) : null,
  };
};

const classifierOf = (variables: Readonly<Record<string, TensorData>>): Classifier | null => {
  const weight = variables['classifier.weight'];
  if (weight === undefined) return null;
  const [classes, width] = weight.shape;
  return {
    weights: matrixOf(classes, width, weight.data),
    bias: Float64Array.from(variables['classifier.bias']?.data ?? new Float64Array(classes)),
  };
};
