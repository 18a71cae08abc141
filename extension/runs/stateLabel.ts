import { l10n } from 'vscode';

/** `Epoch 3`, or `Latest`. */
export const stateLabel = (state: string): string =>
  state === 'last' ? l10n.t('Latest') : l10n.t('Epoch {0}', Number(state.slice('epoch-'.length)));
