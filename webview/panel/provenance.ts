import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatCount } from '../series/format.ts';

/** The run that a figure was made from, and its samples: `demo, n = 1,000 test samples, epoch 12`. */
export const runProvenance = (name: string, analysis: Pick<Analysis, 'samples' | 'epoch'> | null): string => {
  if (analysis === null) return name;
  const { samples, epoch } = analysis;
  const counted =
    samples.test === 0
      ? l10n.t('exact moments, no samples')
      : samples.test === 1
        ? l10n.t('n = 1 test sample')
        : l10n.t('n = {0} test samples', formatCount(samples.test));
  const when = epoch === 0 ? l10n.t('before training') : l10n.t('epoch {0}', formatCount(epoch));
  return [name, counted, when].filter((part) => part !== '').join(', ');
};
