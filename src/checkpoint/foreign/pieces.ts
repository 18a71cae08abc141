import { basename } from 'node:path';
import type { ForeignFile } from './foreign.ts';

/** A file that is recognised by its name, with what its first bytes must be, if anything. */
interface Piece extends ForeignFile {
  readonly name: RegExp;
  readonly holds?: string;
}

/** What to do with a checkpoint of torch.distributed.checkpoint. */
export const DCP =
  "Join the folder in Python, 'python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER model.pt', and open model.pt";
const TF =
  'Load it with tf.train.load_checkpoint, and save its variables with numpy.savez; or save the Keras model as .keras';
const SAVED_MODEL =
  'Load it with tf.saved_model.load or keras.layers.TFSMLayer, and save the model as .keras, or convert it to ONNX with tf2onnx';
const CAFFE = 'Convert it to ONNX, or save its blobs with numpy.savez';

/** Pieces of something larger that a reader could take for its own format: checked before any reader. */
const PIECES: readonly Piece[] = [
  { name: /\.distcp$/, what: 'is a piece of a checkpoint of torch.distributed.checkpoint', remedy: DCP },
  {
    name: /^\.metadata$/,
    holds: 'torch.distributed.checkpoint',
    what: 'is the table of contents of a checkpoint of torch.distributed.checkpoint',
    remedy: DCP,
  },
];

/** Names of unfinished downloads; the file may be complete all the same. */
const UNFINISHED: readonly Piece[] = [
  {
    name: /\.(?:incomplete|part|partial|crdownload|download|aria2|tmp)$/i,
    what: 'is an unfinished download',
    remedy: 'Let the download end, or fetch the file again',
  },
];

/** Files that are best recognised by name: checked before the content. */
const NAMED: readonly Piece[] = [
  { name: /\.data-\d{5}-of-\d{5}$/, what: 'holds the values of a TensorFlow checkpoint', remedy: TF },
  { name: /\.index$/, holds: '\0\0', what: 'is the index of a TensorFlow checkpoint', remedy: TF },
  {
    name: /^saved_model\.pb$/,
    what: 'is the graph of a TensorFlow SavedModel, whose values are in the folder variables',
    remedy: SAVED_MODEL,
  },
];

/** Files without a signature: checked last. */
const NAMES: readonly Piece[] = [
  {
    name: /\.pb$/i,
    what: 'is a TensorFlow graph or another protobuf message, and no ONNX model',
    remedy: 'Convert the model to ONNX with tf2onnx, or save it as .keras',
  },
  {
    name: /\.(?:mlmodel|mlpackage)$/i,
    what: 'is a Core ML model',
    remedy: 'Open the model that it was made from',
  },
  { name: /\.caffemodel$/i, what: 'is a Caffe model', remedy: CAFFE },
  {
    name: /\.(?:engine|trt|plan)$/i,
    what: 'is a TensorRT engine',
    remedy: 'Open the ONNX model that it was made from',
  },
  {
    name: /\.onnx_?data$|\.onnx\.data$/i,
    what: 'holds values of an ONNX model',
    remedy: 'Open the .onnx file beside it',
  },
  { name: /\.weights$/i, what: 'is a Darknet weights file', remedy: 'Convert it to ONNX or PyTorch' },
  {
    name: /\.(?:nemo)$/i,
    what: 'is a NeMo archive',
    remedy: "Unpack it ('tar -xf FILE') and open model_weights.ckpt",
  },
];

const found = (table: readonly Piece[], path: string, head: string): ForeignFile | null => {
  const name = basename(path);
  return table.find((each) => each.name.test(name) && head.includes(each.holds ?? '')) ?? null;
};

/** A piece of something larger that must not be passed to any reader. */
export const foreignPiece = (path: string, head: string): ForeignFile | null => found(PIECES, path, head);

/** An unfinished download, by its name. */
export const unfinishedDownload = (path: string): ForeignFile | null => found(UNFINISHED, path, '');

/** A file that its name identifies better than its content. */
export const foreignNamed = (path: string, head: string): ForeignFile | null => found(NAMED, path, head);

/** A file that only its name identifies. */
export const foreignByName = (path: string): ForeignFile | null => found(NAMES, path, '');
