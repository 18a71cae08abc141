export { type CheckpointHealth, checkpointHealth, healthWords } from './health.ts';
export { layerSpectrum } from './layerSpectrum.ts';
export { layersCsv } from './layersCsv.ts';
export { type MeasuredLayer, measureLayers } from './measureLayers.ts';
export { netronAttachment } from './netronAttachment.ts';
export { readMatrices } from './readMatrices.ts';
export { spectraDocument } from './spectraDocument.ts';
export { openSpectrumPool, type SpectrumPool } from './spectrumPool.ts';
export { summarise } from './summarise.ts';
