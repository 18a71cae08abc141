import type { ForeignFile } from './foreign.ts';

/** First bytes of a kind of file, as latin-1, and where they are. */
interface Signature extends ForeignFile {
  readonly bytes: string;
  readonly at?: number;
}

const unpack = (command: string) => `Unpack it ('${command}') and open the file inside`;
const TORCH =
  "Load it with its own program, and save the model's state_dict with torch.save or as safetensors";
const ONNX = 'Open the ONNX model that it was made from';
const DATA = 'Open the checkpoint of the model instead; data sets are named in an experiment';
const WEIGHTS = 'Open the checkpoint of the model instead';
const GGUF = "Convert it to GGUF with llama.cpp's or whisper.cpp's convert scripts";

const ggml = (name: string): ForeignFile => ({
  what: `is a ${name} file, which came before GGUF`,
  remedy: GGUF,
});

const SIGNATURES: readonly Signature[] = [
  { bytes: '\x1f\x8b', what: 'is compressed with gzip', remedy: unpack('gunzip FILE') },
  { bytes: '\x28\xb5\x2f\xfd', what: 'is compressed with Zstandard', remedy: unpack('zstd -d FILE') },
  { bytes: '\xfd7zXZ\0', what: 'is compressed with xz', remedy: unpack('unxz FILE') },
  { bytes: 'BZh', what: 'is compressed with bzip2', remedy: unpack('bunzip2 FILE') },
  { bytes: '\x04\x22\x4d\x18', what: 'is compressed with LZ4', remedy: unpack('lz4 -d FILE') },
  { bytes: '7z\xbc\xaf\x27\x1c', what: 'is a 7-Zip archive', remedy: unpack('7z x FILE') },
  { bytes: 'Rar!\x1a\x07', what: 'is a RAR archive', remedy: unpack('unrar x FILE') },
  {
    bytes: 'TFL3',
    at: 4,
    what: 'is a TensorFlow Lite model',
    remedy: 'Open the Keras or ONNX model that it was made from',
  },
  { bytes: 'ORTM', at: 4, what: 'is a model in the ORT format of onnxruntime', remedy: ONNX },
  {
    bytes: 'ET1',
    at: 4,
    what: 'is an ExecuTorch program',
    remedy: 'Open the PyTorch checkpoint that it was made from',
  },
  { bytes: 'ptrt', what: 'is a TensorRT engine', remedy: ONNX },
  { bytes: 'ftrt', what: 'is a TensorRT engine', remedy: ONNX },
  { bytes: 'lmgg', ...ggml('ggml') },
  { bytes: 'fmgg', ...ggml('ggmf') },
  { bytes: 'tjgg', ...ggml('ggjt') },
  { bytes: 'algg', ...ggml('ggla (LoRA)') },
  {
    bytes: '\x0c\xdb\x3a\x2a',
    what: 'is the manifest of an Orbax checkpoint (OCDBT)',
    remedy:
      'Restore the folder with orbax.checkpoint, and save its arrays with numpy.savez or as safetensors',
  },
  {
    bytes: '\x0c\xdb\x20\xde',
    what: 'is a piece of an Orbax checkpoint (OCDBT)',
    remedy:
      'Restore the folder with orbax.checkpoint, and save its arrays with numpy.savez or as safetensors',
  },
  {
    bytes: 'MATLAB 5.0 MAT-file',
    what: 'is a MATLAB file of version 5 to 7',
    remedy: "Save it in MATLAB with '-v7.3', or load it with scipy.io.loadmat and save it with numpy.savez",
  },
  { bytes: 'PAR1', what: 'is a Parquet table', remedy: DATA },
  { bytes: 'ARROW1', what: 'is an Arrow table', remedy: DATA },
  { bytes: 'SQLite format 3\0', what: 'is an SQLite database', remedy: WEIGHTS },
  { bytes: '%PDF-', what: 'is a PDF document', remedy: WEIGHTS },
  { bytes: '\x89PNG\r\n\x1a\n', what: 'is a PNG image', remedy: DATA },
  { bytes: '\xff\xd8\xff', what: 'is a JPEG image', remedy: DATA },
  { bytes: 'GIF8', what: 'is a GIF image', remedy: DATA },
  { bytes: 'WEBP', at: 8, what: 'is a WebP image', remedy: DATA },
  { bytes: 'WAVE', at: 8, what: 'is a WAV recording', remedy: DATA },
  { bytes: 'ftyp', at: 4, what: 'is a video', remedy: DATA },
  { bytes: '\x7fELF', what: 'is a program for Linux', remedy: WEIGHTS },
  { bytes: 'MZ', what: 'is a program for Windows', remedy: WEIGHTS },
  { bytes: '\xcf\xfa\xed\xfe', what: 'is a program for macOS', remedy: WEIGHTS },
  { bytes: '\xba\x16\x4f\x2f', what: 'is a fastText model', remedy: 'Save its vectors with numpy.save' },
  {
    bytes: '\x12\x01\0\0\0\0\0\0',
    what: 'holds MXNet parameters',
    remedy: 'Load it with mxnet.nd.load, and save its arrays with numpy.savez',
  },
  { bytes: 'T7\0\0', what: 'is a Torch7 file', remedy: TORCH },
];

/** A file that its first bytes identify. */
export const foreignSignature = (head: string): ForeignFile | null =>
  SIGNATURES.find(({ bytes, at = 0 }) => head.startsWith(bytes, at)) ?? null;
