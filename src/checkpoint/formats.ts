import type { CheckpointFormat } from './checkpoint.ts';
import { GGUF } from './gguf/gguf.ts';
import { KERAS_H5 } from './keras/h5.ts';
import { KERAS_ZIP } from './keras/zip.ts';
import { NPY } from './numpy/npyCheckpoint.ts';
import { NPZ } from './numpy/npzCheckpoint.ts';
import { ONNX } from './onnx/onnx.ts';
import { PYTORCH_STREAM } from './pytorch/stream.ts';
import { PYTORCH_TAR } from './pytorch/tar.ts';
import { PYTORCH_ZIP } from './pytorch/zip.ts';
import { SAFETENSORS } from './safetensors/safetensors.ts';
import { TFJS } from './tfjs/tfjs.ts';

/**
 * Formats of one file, in the order in which they are tried: those with a clear signature first, ONNX, which
 * has none, last.
 */
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
