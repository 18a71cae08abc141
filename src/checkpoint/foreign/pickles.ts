import type { ForeignFile } from './foreign.ts';

/** What a module that is named in a pickle says about it. */
const MODULES: readonly (readonly [module: string, of: string, remedy: string])[] = [
  ['sklearn.', 'a scikit-learn model', 'Load it in Python, and save its coefs_ or coef_ with numpy.savez'],
  ['xgboost.', 'an XGBoost model', 'It has no weight matrices: there is nothing to analyse here'],
  ['lightgbm.', 'a LightGBM model', 'It has no weight matrices: there is nothing to analyse here'],
  [
    'torch.distributed.checkpoint',
    'a table of torch.distributed.checkpoint',
    'Open the checkpoint as its program does',
  ],
  [
    'torch.nn',
    'a PyTorch model',
    'Load it in Python with pickle.load, and save model.state_dict() with torch.save',
  ],
  [
    'torch._utils',
    'PyTorch tensors',
    'Load it in Python with pickle.load, and save the state_dict with torch.save',
  ],
  [
    'torch.',
    'PyTorch objects',
    'Load it in Python with pickle.load, and save the state_dict with torch.save',
  ],
  ['jax', 'JAX arrays', 'Load it in Python with pickle.load, and save the arrays with numpy.savez'],
  [
    'StructuredToParameterName@@',
    'Paddle parameters',
    'Load it with paddle.load, and save the arrays with numpy.savez',
  ],
  ['numpy', 'NumPy arrays', 'Load it in Python with pickle.load, and save the arrays with numpy.savez'],
  ['pandas', 'a pandas table', 'Load it in Python, and save its values with numpy.savez'],
];

const REMEDY = 'Load it in Python with pickle.load, and save its arrays with numpy.savez or torch.save';
/** Opcodes that the older protocols begin with: a mark, a dictionary, a list, a class, a tuple. */
const OLD = /^(?:\(dp?\d*|\(lp?\d*|c[\w.]+\n[\w.]+\n|\}q|\]q)/;

/** A plain pickle: it is never executed here, and nothing in it is read. */
export const foreignPickle = (head: string): ForeignFile | null => {
  const isPickle = head[0] === '\x80' && '\x02\x03\x04\x05'.includes(head[1] ?? '?');
  if (!isPickle && !OLD.test(head)) return null;
  const module = MODULES.find(([name]) => head.includes(name));
  if (module === undefined) return { what: 'is a plain Python pickle', remedy: REMEDY };
  return { what: `is a plain Python pickle of ${module[1]}`, remedy: module[2] };
};

/** A map with few keys, the first of them a short text. */
const MESSAGE_PACK = /^(?:[\x81-\x8f]|\xde..|\xdf....)(?:[\xa1-\xbf]|\xd9.)[\w./-]/s;

/** MessagePack, in which Flax keeps parameters. */
export const foreignMessagePack = (head: string): ForeignFile | null =>
  MESSAGE_PACK.test(head)
    ? {
        what: 'is a MessagePack document, as Flax writes',
        remedy: 'Load it with flax.serialization.msgpack_restore, and save its arrays with numpy.savez',
      }
    : null;
