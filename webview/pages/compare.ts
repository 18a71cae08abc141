import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import {
  drawHeatmap,
  drawMeasureDifference,
  drawSpectrumComparison,
  drawWeightDifference,
} from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';
import { comparedNames } from '../panel/words.ts';

openPanel(l10n.t('Compare'), ([a, b]) => {
  const [nameA, nameB] = comparedNames(a, b);
  const comparison = { a: a.analysis, b: b.analysis, nameA, nameB };
  const weights = (name: string) => ({
    title: l10n.t('Feature weights: {0}', name),
    caption: WORDS.featureWeights.caption,
    half: true,
  });
  return [
    part(
      {
        title: l10n.t('Difference by layer'),
        caption: l10n.t('Look for bars above zero: at these layers, B is higher than A.'),
      },
      drawMeasureDifference,
      comparison,
    ),
    part(
      {
        title: l10n.t('Difference of the feature weights'),
        caption: l10n.t(
          'Look for orange cells, which B weights more than A, and purple ones, which it weights less.',
        ),
      },
      drawWeightDifference,
      comparison,
    ),
    part(weights(nameA), drawHeatmap, a.analysis),
    part(weights(nameB), drawHeatmap, b.analysis),
    part(
      {
        title: l10n.t('Spectrum of a layer in both'),
        caption: l10n.t(
          'Look for the line that drops earlier: on that side, the layer uses fewer of its dimensions.',
        ),
      },
      drawSpectrumComparison,
      comparison,
    ),
  ];
});
