import { drawHeatmap } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel('Feature Weights', ([{ analysis }]) => [part(WORDS.featureWeights, drawHeatmap, analysis)]);
