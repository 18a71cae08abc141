import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { drawProbes } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';
import { recommendationPart } from '../panel/recommendationPart.ts';

openPanel(l10n.t('Probes'), ([{ analysis, recommendations }]) => [
  part(WORDS.probes, drawProbes, analysis),
  ...recommendations.map(recommendationPart),
]);
