import { l10n } from 'vscode';
import type { Recommendation } from '../../src/protocol/messages.ts';
import { unbeatenWords } from './unbeatenWords.ts';

/** Which layer is recommended for which task, in the words of the panels. */
export const adviceWords = ({ task, verdict, recommended, unbeaten }: Recommendation): string => {
  const { layer } = recommended;
  if (unbeaten.length > 0) {
    return l10n.t('Highest for {0}: {1} (does not beat {2})', task, layer, unbeatenWords(unbeaten));
  }
  return verdict === 'clear'
    ? l10n.t('Recommended for {0}: {1}', task, layer)
    : l10n.t('Highest for {0}: {1} (no clear winner)', task, layer);
};
