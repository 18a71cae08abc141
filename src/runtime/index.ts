import './gradients.ts';

export { type ModelArray, type ModelPort, type OnnxModel, openOnnxModel } from './onnxModel.ts';
export { type BackendPlace, openBackend } from './openBackend.ts';
export * from './program.ts';
export { record } from './recorder/record.ts';
export * from './tensorData.ts';
