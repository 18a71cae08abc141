export { drawSpectrumComparison } from './compareSpectra.ts';
export type { Figure, FigureOptions } from './frame.ts';
export { drawHeatmap } from './heatmap.ts';
export { createLayerSelection, type LayerSelection } from './layerSelection.ts';
export { drawMeasureDifference } from './measureDifference.ts';
export { drawMeasures } from './measures.ts';
export { drawProbes } from './probes.ts';
export { drawRanking } from './ranking.ts';

export { drawSimilarity } from './similarity.ts';
export { drawSpectrum } from './spectrum.ts';
export { tableElement } from './table.ts';
export { drawTrainingCurves } from './trainingCurves.ts';
export { drawWeightDifference } from './weightDifference.ts';
