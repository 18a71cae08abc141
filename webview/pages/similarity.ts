import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import { drawSimilarity } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel(l10n.t('Similarity'), ([{ analysis }]) => [part(WORDS.similarity, drawSimilarity, analysis)]);
