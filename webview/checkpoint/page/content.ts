import * as l10n from '@vscode/l10n';
import type { CheckpointPageContent, WeightMeasure } from '../../../src/protocol/messages.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import type { LayerWarning } from '../series/health.ts';

/** One checkpoint, or two that are compared. */
export type Checkpoints = Extract<CheckpointPageContent, { kind: 'checkpoints' }>;

/** Names that distinguish the two; two files with the same name get letters. */
export const checkpointNames = ({ checkpoints }: Checkpoints): string[] => {
  const names = checkpoints.map(({ name }) => name);
  return new Set(names).size === names.length
    ? names
    : names.map((name, place) => `${name} (${'AB'[place] ?? place + 1})`);
};

/** Details of the selected layer. */
export interface DetailContent {
  readonly data: LayerFigureData;
  readonly definitions: Readonly<Partial<Record<WeightMeasure, string>>>;
  /** The worst first. */
  readonly warnings: readonly LayerWarning[];
  /** Whether the exact values are being computed. */
  readonly computing: boolean;
}

/** Why the table has no rows, in a sentence; empty when it has some. */
export const noLayersReason = ({ checkpoints }: Checkpoints): string => {
  if (checkpoints.some(({ summary }) => summary.layers.length > 0)) return '';
  return checkpoints.some(({ summary }) => summary.vectors.length + summary.skipped.length > 0)
    ? l10n.t('No tensor of this checkpoint is a weight matrix that can be analysed.')
    : l10n.t('This checkpoint contains no tensors.');
};
