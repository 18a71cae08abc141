export { type CheckpointHealth, gatheredHealth, healthWords } from './health.ts';
export { layersCsv } from './layersCsv.ts';
export { type MeasuredLayer, measureEach, measureLayers } from './measureLayers.ts';
export { netronAttachment } from './netronAttachment.ts';
export { PackedLines } from './packedLines.ts';
export { SpectraDocument } from './spectraDocument.ts';
export { openSpectrumPool, type SpectrumPool } from './spectrumPool.ts';
export { summarise } from './summarise.ts';
