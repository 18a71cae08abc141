import type { LossSpec } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';
import { crossEntropy, meanSquaredError } from './classification.ts';
import { ntXent, supervisedContrastive } from './contrastive.ts';
import type { Loss } from './loss.ts';
import { spectral, supervisedSpectral } from './spectral.ts';

/** The loss of an experiment. Contrastive ones throw an input fault for a batch of one sample. */
export const lossOf = (spec: LossSpec): Loss => {
  switch (spec.kind) {
    case 'spectral':
      return contrasting({ views: 2, needsLabels: false, label: null, value: spectral });
    case 'supervised-spectral':
      return contrasting({ views: 1, needsLabels: true, label: spec.label, value: supervisedSpectral });
    case 'nt-xent':
      return contrasting({ views: 2, needsLabels: false, label: null, value: ntXent(spec.temperature) });
    case 'supervised-contrastive': {
      const { views, label, temperature } = spec;
      const value = supervisedContrastive(temperature, views);
      return contrasting({ views, needsLabels: true, label, value });
    }
    case 'cross-entropy':
      return { views: 1, needsLabels: true, label: spec.label, value: crossEntropy };
    case 'mean-squared-error':
      return { views: 1, needsLabels: true, label: spec.label, value: meanSquaredError };
  }
};

const contrasting = (loss: Loss): Loss => ({
  ...loss,
  value: (output, batch) => {
    if (batch.batchSize < 2)
      throw inputFault('a contrastive loss compares samples of one batch', 'batchSize', 'Use at least 2');
    return loss.value(output, batch);
  },
});
