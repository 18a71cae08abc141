import { l10n } from 'vscode';
import type { Recommendation } from '../../src/protocol/messages.ts';

type Unbeaten = Recommendation['unbeaten'];

const NAMES: Readonly<Record<Unbeaten[number], string>> = {
  chance: l10n.t('chance'),
  'raw input': l10n.t('the raw input'),
  'untrained encoder': l10n.t('the untrained encoder'),
};

/** What a recommendation does not beat, in the words of the panels. */
export const unbeatenWords = (unbeaten: Unbeaten): string => unbeaten.map((noun) => NAMES[noun]).join(', ');
