import { inputFault } from '../../protocol/index.ts';
import { type Allowance, MAP_PLACE_BYTES, OBJECT_BYTES } from '../bytes/allowance.ts';
import { PickleGlobal, PickleObject, PickleReference, type PickleValue } from '../pickle/value.ts';
import { isTrainingContainer, isTrainingState } from './training.ts';
import type { PytorchView } from './view.ts';

/** A tensor and the keys that lead to it; a module's attributes form one key with dots. */
export interface FoundTensor {
  readonly path: readonly string[];
  readonly view: PytorchView;
  readonly optimiser: boolean;
}

export interface FoundValues {
  readonly tensors: readonly FoundTensor[];
  /** Short texts and numbers near the top, such as the epoch. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A pickle can refer to itself and to the same list many times, so the work of a walk is bounded. */
const MAX_DEPTH = 200;
const MAX_VISITS = 5_000_000;
const MAX_TENSORS = 100_000;
const MAX_NAME = 4096;
const MAX_NAMES = 2 ** 25;
/** Memory of a tensor with its entry, of its view, and of each key of its path besides the text. */
const TENSOR_BYTES = 3 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;
const VIEW_BYTES = 2 * OBJECT_BYTES;
const KEY_BYTES = 10;
const MAX_METADATA = 256;
const MAX_METADATA_TEXT = 200;
const REMEDY = 'Save only the state_dict of the model';

/** Attributes of a module that its state_dict contains; others (caches, copies) are not in the state_dict either. */
const MODULE_PARTS = ['_parameters', '_buffers', '_modules'];

interface Place {
  readonly path: readonly string[];
  /** Attributes of an object are appended to its own key. */
  readonly isAttribute: boolean;
  readonly optimiser: boolean;
}

const keyText = (key: PickleValue): string | null => {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean') return String(key);
  return key instanceof Uint8Array ? Buffer.from(key.subarray(0, MAX_NAME + 1)).toString('latin1') : null;
};

const isContainer = (
  value: PickleValue,
): value is PickleValue[] | Map<PickleValue, PickleValue> | PickleObject =>
  Array.isArray(value) || value instanceof Map || value instanceof PickleObject;

const isNamespace = ({ callable }: PickleObject): boolean =>
  callable instanceof PickleGlobal && callable.module === 'argparse';

class Walk {
  readonly tensors: FoundTensor[] = [];
  readonly metadata = new Map<string, string>();
  readonly #rebuild: (value: PickleValue) => PytorchView | null;
  readonly #where: string;
  readonly #allowance: Allowance;
  readonly #above = new Set<PickleValue>();
  /** Containers that were searched completely and contain no tensor. */
  readonly #barren = new Set<PickleValue>();
  readonly #views = new Map<PickleValue, PytorchView | null>();
  #visits = 0;
  #nameLength = 0;

  constructor(rebuild: (value: PickleValue) => PytorchView | null, where: string, allowance: Allowance) {
    this.#rebuild = rebuild;
    this.#where = where;
    this.#allowance = allowance;
  }

  #spend(bytes: number): void {
    this.#allowance.spend(bytes, (what) => inputFault(what, this.#where, REMEDY));
  }

  #refuse(what: string): never {
    throw inputFault(what, this.#where, REMEDY);
  }

  visit(value: PickleValue, place: Place): void {
    this.#visits++;
    if (this.#visits > MAX_VISITS) this.#refuse(`refers to its pickled values more than ${MAX_VISITS} times`);
    const view = this.#viewOf(value);
    if (view !== null) this.#keep(view, place);
    else if (!isContainer(value)) this.#note(value, place);
    else if (!this.#above.has(value) && !this.#barren.has(value)) this.#enter(value, place);
  }

  /** A tensor can be found many times, but is rebuilt only once. */
  #viewOf(value: PickleValue): PytorchView | null {
    if (!(value instanceof PickleObject)) return this.#rebuild(value);
    const known = this.#views.get(value);
    if (known !== undefined) return known;
    const view = this.#rebuild(value);
    this.#spend(MAP_PLACE_BYTES + (view === null ? 0 : VIEW_BYTES));
    this.#views.set(value, view);
    return view;
  }

  #enter(value: PickleValue[] | Map<PickleValue, PickleValue> | PickleObject, place: Place): void {
    if (this.#above.size >= MAX_DEPTH) this.#refuse(`nests its pickled values deeper than ${MAX_DEPTH}`);
    const found = this.tensors.length;
    this.#above.add(value);
    if (value instanceof PickleObject) this.#object(value, place);
    else if (value instanceof Map) this.#map(value, place);
    else this.#list(value, place);
    this.#above.delete(value);
    if (this.tensors.length > found) return;
    this.#spend(MAP_PLACE_BYTES);
    this.#barren.add(value);
  }

  #child(value: PickleValue, key: string, { path, isAttribute, optimiser }: Place): void {
    const isTraining =
      isTrainingState(key) || (isContainer(value) && !isAttribute && isTrainingContainer(key));
    const last = path.at(-1);
    const extended =
      isAttribute && last !== undefined ? [...path.slice(0, -1), `${last}.${key}`] : [...path, key];
    this.visit(value, { path: extended, isAttribute, optimiser: optimiser || isTraining });
  }

  #list(items: readonly PickleValue[], place: Place): void {
    for (const [index, item] of items.entries()) {
      if (isContainer(item) || item instanceof PickleReference) this.#child(item, String(index), place);
    }
  }

  #map(map: ReadonlyMap<PickleValue, PickleValue>, place: Place): void {
    const isOptimiser = map.has('param_groups') && map.has('state');
    for (const [key, value] of map) {
      const text = keyText(key);
      if (text === null) continue;
      if (text.length > MAX_NAME) this.#refuse(`has a key of ${text.length} characters in its pickle`);
      this.#child(value, text, isOptimiser ? { ...place, optimiser: true } : place);
    }
  }

  #object(object: PickleObject, place: Place): void {
    const inside = { ...place, isAttribute: !isNamespace(object) };
    const { state } = object;
    if (state instanceof Map && MODULE_PARTS.some((part) => state.has(part))) {
      for (const part of MODULE_PARTS) this.#part(state.get(part), inside);
      return;
    }
    // Attributes, or a pair of attributes and slots.
    for (const part of Array.isArray(state) ? state.slice(0, 2) : [state]) this.#part(part, inside);
    this.#part(object.entries, inside);
    this.#list(object.items, inside);
    this.#list(object.args, inside);
  }

  #part(part: PickleValue | undefined, place: Place): void {
    if (part instanceof Map) this.#map(part, place);
  }

  #keep(view: PytorchView, { path, optimiser }: Place): void {
    const length = path.reduce((sum, key) => sum + key.length + 1, 0);
    this.#nameLength += length;
    if (length > MAX_NAME) this.#refuse(`has a tensor with a name of ${length} characters`);
    if (this.tensors.length >= MAX_TENSORS || this.#nameLength > MAX_NAMES) {
      this.#refuse(`names more than ${this.tensors.length} tensors`);
    }
    this.#spend(TENSOR_BYTES + length + KEY_BYTES * path.length);
    this.tensors.push({ path: path.length === 0 ? ['tensor'] : path, view, optimiser });
  }

  #note(value: PickleValue, { path, isAttribute, optimiser }: Place): void {
    if (isAttribute || optimiser || path.length > 2 || path.length === 0) return;
    const text = typeof value === 'bigint' || value instanceof Uint8Array ? null : keyText(value);
    if (text === null || text.length > MAX_METADATA_TEXT || this.metadata.size >= MAX_METADATA) return;
    this.metadata.set(path.join('.'), text);
  }
}

/**
 * Every tensor that a pickle contains in dictionaries, lists, modules and other objects, with the keys that lead to
 * it, and the short values near the top. `rebuild` decides which values are tensors.
 */
export const findTensors = (
  value: PickleValue,
  rebuild: (value: PickleValue) => PytorchView | null,
  where: string,
  allowance: Allowance,
): FoundValues => {
  const walk = new Walk(rebuild, where, allowance);
  walk.visit(value, { path: [], isAttribute: false, optimiser: false });
  return walk;
};
