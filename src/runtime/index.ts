import './gradients.ts';

export { extendedModel } from './onnx/extendedModel.ts';
export { GraphBuilder } from './onnx/graphBuilder.ts';
export { ELEMENT_TYPE, type ElementType, encodeModel, type OnnxGraph } from './onnx/model.ts';
export {
  type ModelArray,
  type ModelPort,
  type OnnxFile,
  type OnnxModel,
  openOnnxBytes,
  openOnnxModel,
} from './onnxModel.ts';
export { type BackendPlace, openBackend } from './openBackend.ts';
export * from './program.ts';
export { record } from './recorder/record.ts';
export * from './tensorData.ts';
