import { drawSimilarity } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { part, WORDS } from '../panel/parts.ts';

openPanel('Similarity', ([{ analysis }]) => [part(WORDS.similarity, drawSimilarity, analysis)]);
