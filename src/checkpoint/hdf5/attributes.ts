import type { Hdf5Module, OpenHdf5 } from './library.ts';
import { H5T, Hdf5Refusal } from './messages.ts';

/** Text of all attributes of a file, in bytes. The largest configurations of models have some two million. */
const MAX_TEXT = 1 << 23;
/** Memory of a text besides its characters. */
const STRING_BYTES = 24;

/** Attributes that say how a checkpoint is laid out; a long list of names is split into `names0`, `names1`, ... */
const WANTED = /^(?:keras_version|backend|model_config|name|dtype|(?:layer|weight)_names\d{0,6})$/;

/** Where a text ends: at its first zero byte, or at the end of its space. */
const cString = (heap: Uint8Array, begin: number, room: number): string => {
  const end = heap.subarray(begin, begin + room).indexOf(0);
  return Buffer.from(heap.buffer, heap.byteOffset + begin, end < 0 ? room : end).toString('utf8');
};

interface TextsPlace {
  readonly at: number;
  readonly count: number;
  /** Of one text, in bytes. */
  readonly size: number;
  /** Each is then a pointer to a text. */
  readonly vlen: boolean;
}

/** The `count` texts at `at`, each accounted for by `spend` before it is copied. */
const texts = (
  module: Hdf5Module,
  { at, count, size, vlen: variable }: TextsPlace,
  spend: (bytes: number) => void,
) => {
  const heap = module.HEAPU8;
  const view = new DataView(heap.buffer, heap.byteOffset, heap.byteLength);
  return Array.from({ length: count }, (_, i) => {
    if (!variable) return cString(heap, at + i * size, size);
    const pointer = view.getUint32(at + i * size, true);
    if (pointer === 0) return '';
    const room = heap.indexOf(0, pointer) - pointer;
    spend(room);
    return cString(heap, pointer, room);
  });
};

/** Reads text attributes, until they exceed what any checkpoint has. */
export class AttributeReader {
  readonly #open: OpenHdf5;
  #left = MAX_TEXT;

  constructor(open: OpenHdf5) {
    this.#open = open;
  }

  /** The wanted attributes of an object that are texts. */
  of(path: string): Map<string, readonly string[]> {
    const { module, file } = this.#open;
    const found = new Map<string, readonly string[]>();
    for (const name of module.get_attribute_names(file, path)) {
      const value = WANTED.test(name) ? this.#read(path, name) : null;
      if (value !== null) found.set(name, value);
    }
    return found;
  }

  #read(path: string, name: string): readonly string[] | null {
    const { module, file } = this.#open;
    const { type, shape, size, total_size: count, vlen } = module.get_attribute_metadata(file, path, name);
    if (type !== H5T.STRING || shape === null || !(count * size > 0)) return null;
    this.#spend(count * (size + STRING_BYTES));
    const at = module._malloc(count * size);
    if (at === 0) throw new Hdf5Refusal('has attributes of text that do not fit in memory');
    try {
      module.HEAPU8.fill(0, at, at + count * size);
      if (module.get_attribute_data(file, path, name, BigInt(at)) < 0) return null;
      return texts(module, { at, count, size, vlen }, (bytes) => this.#spend(bytes));
    } finally {
      if (vlen) module.reclaim_vlen_memory(file, path, name, BigInt(at));
      module._free(at);
    }
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new Hdf5Refusal(`has attributes of more than ${MAX_TEXT} bytes of text`);
  }
}
