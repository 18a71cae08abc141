import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { drawHeatmap } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel(l10n.t('Feature Weights'), ([{ analysis }]) => [part(WORDS.featureWeights, drawHeatmap, analysis)]);
