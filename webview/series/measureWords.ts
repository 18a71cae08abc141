import * as l10n from '@vscode/l10n';
// Under another name: scripts/make-l10n.mjs wants literals from `l10n.t`; the marked texts it finds where they are written.
import { t } from '@vscode/l10n';
import type { MeasureEntry, Translatable } from '../../src/protocol/messages.ts';

/** A marked text in the language of the editor. */
export const translated = (text: Translatable): string => t(text);

/** Which direction is better, in words; empty where neither is. */
export const directionWords = (better: MeasureEntry['better']): string => {
  if (better === null) return '';
  return better === 'higher' ? l10n.t('higher is better') : l10n.t('lower is better');
};

/** The meaning of a measure with its direction: `How far apart they are. Lower is better.` */
export const withDirection = (meaning: string, better: MeasureEntry['better']): string => {
  if (better === null) return meaning;
  return `${meaning} ${better === 'higher' ? l10n.t('Higher is better.') : l10n.t('Lower is better.')}`;
};
