import { l10n } from 'vscode';
import type { CheckpointSummary } from '../../src/protocol/messages.ts';

const SCALES = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 110 M: three digits, as is usual for parameter counts. */
const parameterWords = (count: number): string => {
  const scale = SCALES.find(([size]) => count >= size);
  if (scale === undefined) return String(count);
  return `${Number((count / scale[0]).toPrecision(3))} ${scale[1]}`;
};

/** `24 layers, 110 M parameters, 2 warnings`. */
export const summaryWords = ({ layers, parameters, warnings }: CheckpointSummary): string => {
  const words = [
    layers.length === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', layers.length),
    l10n.t('{0} parameters', parameterWords(parameters)),
  ];
  if (warnings.length === 1) words.push(l10n.t('1 warning'));
  if (warnings.length > 1) words.push(l10n.t('{0} warnings', warnings.length));
  return words.join(', ');
};
