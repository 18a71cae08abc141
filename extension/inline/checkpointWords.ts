import { l10n } from 'vscode';
import { type CheckpointSummary, formatCount, formatScaled } from '../../src/protocol/messages.ts';

/** `24 layers, 110 M parameters, 2 warnings`. */
export const summaryWords = ({ layers, parameters, warnings }: CheckpointSummary): string => {
  const words = [
    layers.length === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', formatCount(layers.length)),
    l10n.t('{0} parameters', formatScaled(parameters)),
  ];
  if (warnings.length === 1) words.push(l10n.t('1 warning'));
  if (warnings.length > 1) words.push(l10n.t('{0} warnings', formatCount(warnings.length)));
  return words.join(', ');
};
