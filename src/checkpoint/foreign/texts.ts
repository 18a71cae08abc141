import { isUtf8 } from 'node:buffer';
import type { ForeignFile } from './foreign.ts';

interface Text extends ForeignFile {
  readonly pattern: RegExp;
}

const AGAIN =
  'Fetch the file again: the server answered with a page; sign in, or use its own program to download';
const BESIDE = 'Open the weights beside it: *.safetensors, *.bin, *.pt, or their *.index.json';

/** Kinds of text by how they begin, without white space; checked in this order. */
const TEXTS: readonly Text[] = [
  {
    pattern: /^version https:\/\/git-lfs\.github\.com\/spec\/v1/,
    what: 'is a pointer of Git LFS, not the file itself',
    remedy: "Fetch it: 'git lfs pull'",
  },
  {
    pattern: /^(?:\.\.\/)+blobs\/[\w.-]+\s*$/,
    what: 'is a link of the Hugging Face cache that was copied as a text',
    remedy: 'Open the file that it names, or fetch the model again',
  },
  {
    pattern: /^<(?:!doctype html|html|head|body)\b/i,
    what: 'is a web page, not the file itself',
    remedy: AGAIN,
  },
  {
    pattern: /^<\?xml[^<]{0,200}<(?:Error|Code)\b|^<Error>/,
    what: "is a server's error message, not the file itself",
    remedy: AGAIN,
  },
  { pattern: /^<\?xml|^<svg\b/i, what: 'is an XML document', remedy: BESIDE },
  {
    pattern:
      /^(?:access (?:to|denied)|invalid (?:username|credentials)|unauthori[sz]ed|forbidden|not found|entry not found|repository not found|404|403|401|error[ :])/i,
    what: "is a server's refusal in words, not the file itself",
    remedy: 'Fetch it again, signed in with an account that may read it',
  },
  { pattern: /^\{\s*"error"/, what: "is a server's error message, not the file itself", remedy: AGAIN },
  {
    pattern: /^model_checkpoint_path:/,
    what: 'names the latest TensorFlow checkpoint, and holds no values',
    remedy: 'Load that checkpoint with tf.train.load_checkpoint, and save its variables with numpy.savez',
  },
];

const ORBAX =
  'Restore the folder with orbax.checkpoint, and save its arrays with numpy.savez or as safetensors';

/** JSON by a key near its beginning. */
const JSON_KINDS: readonly (readonly [pattern: RegExp, what: string, remedy: string])[] = [
  [
    /"weight_map"/,
    'is itself an index of shards, where a file of weights is expected',
    'Fetch the whole set again, all files of one revision',
  ],
  [
    /"(?:architectures|model_type|transformers_version|hidden_size|_class_name)"/,
    'is the configuration of a model, without its weights',
    BESIDE,
  ],
  [
    /"peft_type"/,
    'is the configuration of an adapter, without its weights',
    'Open adapter_model.safetensors beside it',
  ],
  [/"(?:added_tokens|tokenizer_class|merges|bos_token)"/, 'describes a tokenizer', BESIDE],
  [/"(?:item_handlers|tree_metadata|array_metadatas|sharding_type)/, 'describes an Orbax checkpoint', ORBAX],
  [/"zarr_format"/, 'describes a Zarr array', 'Load it with zarr, and save it with numpy.savez'],
  [
    /"class_name"\s*:\s*"(?:Sequential|Functional|Model)"/,
    'is the configuration of a Keras model, without its weights',
    'Open the .keras, .h5 or .weights.h5 file of the model',
  ],
  [/"(?:global_step|log_history)"/, 'is a protocol of a training', BESIDE],
  [/"learner"/, 'is an XGBoost model', 'It has no weight matrices: there is nothing to analyse here'],
];

const ofJson = (text: string): ForeignFile => {
  const kind = JSON_KINDS.find(([pattern]) => pattern.test(text));
  if (kind !== undefined) return { what: kind[1], remedy: kind[2] };
  return { what: 'is a JSON document, and no index of weights', remedy: BESIDE };
};

/**
 * Whether bytes are text: UTF-8, perhaps cut within the last character, without control characters other than
 * white space.
 */
const isText = (head: Uint8Array): boolean => {
  const control = head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13);
  return !control && [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, Math.max(0, head.length - cut))));
};

/** A file of text. */
export const foreignText = (head: Uint8Array, latin1: string): ForeignFile | null => {
  if (!isText(head)) return null;
  const text = latin1.replace(/^\xef\xbb\xbf/, '').trimStart();
  const known = TEXTS.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) return known;
  if (/^[{[]/.test(text)) return ofJson(text);
  return { what: 'is a text, not a file of weights', remedy: BESIDE };
};
