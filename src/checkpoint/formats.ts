import type { CheckpointFormat } from './checkpoint.ts';
import { GGUF } from './gguf.ts';
import { KERAS_H5 } from './kerasH5.ts';
import { KERAS_ZIP } from './kerasZip.ts';
import { NPY } from './npyCheckpoint.ts';
import { NPZ } from './npzCheckpoint.ts';
import { ONNX } from './onnx.ts';
import { PYTORCH_STREAM } from './pytorchStream.ts';
import { PYTORCH_TAR } from './pytorchTar.ts';
import { PYTORCH_ZIP } from './pytorchZip.ts';
import { SAFETENSORS } from './safetensors.ts';
import { TFJS } from './tfjs.ts';

/** Formats of one file, in the order in which they are asked: those with a sure sign first, ONNX without any last. */
export const FORMATS: readonly CheckpointFormat[] = [
  SAFETENSORS,
  PYTORCH_ZIP,
  KERAS_ZIP,
  NPZ,
  NPY,
  GGUF,
  KERAS_H5,
  PYTORCH_STREAM,
  PYTORCH_TAR,
  TFJS,
  ONNX,
];
