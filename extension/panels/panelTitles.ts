import { l10n } from 'vscode';
import type { PanelPage } from './panelPages.ts';

export const pageTitle = (page: PanelPage): string =>
  ({
    spectra: l10n.t('Spectra'),
    featureWeights: l10n.t('Feature Weights'),
    probes: l10n.t('Probes'),
    similarity: l10n.t('Similarity'),
    compare: l10n.t('Compare'),
    runMeans: l10n.t('Mean of Runs'),
    theory: l10n.t('Theory'),
  })[page];

/** Identifier of the panel type, also in when-clauses and for restoring after a reload. */
export const viewTypeOf = (page: PanelPage): string => `pentimento.${page}`;
