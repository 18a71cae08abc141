import { l10n } from 'vscode';
import { formatCount, type RecordingSummary } from '../../src/protocol/messages.ts';

/** More would not fit into a hover. */
const MOST_LABELS = 8;

/** `recording of 5 layers, 300 samples, 8 to 784 dimensions, labels digit, clothes`. */
export const recordingWords = ({ layers, samples, dimensions, labels }: RecordingSummary): string => {
  const [least, most] = dimensions;
  const words = [
    layers === 1 ? l10n.t('recording of 1 layer') : l10n.t('recording of {0} layers', formatCount(layers)),
    samples === 1 ? l10n.t('1 sample') : l10n.t('{0} samples', formatCount(samples)),
    least === most
      ? l10n.t('{0} dimensions', formatCount(least))
      : l10n.t('{0} to {1} dimensions', formatCount(least), formatCount(most)),
  ];
  const named = labels.slice(0, MOST_LABELS);
  if (labels.length > named.length) named.push('…');
  if (labels.length > 0) words.push(l10n.t('labels {0}', named.join(', ')));
  return words.join(', ');
};
