import * as l10n from '@vscode/l10n';
import type { LayerFigureData } from '../series/weightFigure.ts';

/** Why the figures of a layer draw nothing, in a sentence. */
export const noSpectrumReason = ({ layer, sides }: LayerFigureData): string => {
  const present = sides.filter((side) => side.layer !== null);
  if (present.some(({ measured }) => measured === null)) return l10n.t('{0} is being measured…', layer);
  const problem = present.find(({ measured }) => measured?.problem)?.measured?.problem;
  if (problem) return problem;
  return l10n.t('Every singular value of {0} is zero.', layer);
};
