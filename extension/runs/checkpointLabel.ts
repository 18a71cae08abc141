import { l10n } from 'vscode';

/** `Epoch 3`, or `Latest`. */
export const checkpointLabel = (checkpoint: string): string =>
  checkpoint === 'last' ? l10n.t('Latest') : l10n.t('Epoch {0}', Number(checkpoint.slice('epoch-'.length)));
