import { type Allowance, ARRAY_PLACE_BYTES } from '../bytes/allowance.ts';
import type { PickleCursor } from './cursor.ts';
import { itemBytes, MAP_ITEM_BYTES, valueBytes } from './size.ts';
import { PickleGlobal, PickleObject, PickleReference, type PickleValue } from './value.ts';

/** Limits far above any checkpoint's needs; the allowance bounds what they take in memory together. */
const MAX_STEPS = 4_000_000;
const MAX_STACK = 1_000_000;
const MAX_OBJECTS = 500_000;
const MAX_COPIED = 10_000_000;

/** The stack, the marks in it and the memo of one pickle while it is read. */
export class PickleMachine {
  readonly references: PickleReference[] = [];
  readonly #cursor: PickleCursor;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  /** Remembered values by number: consecutive ones, as Python numbers them, and others. */
  readonly #memo: PickleValue[] = [];
  readonly #sparseMemo = new Map<number, PickleValue>();
  readonly #allowance: Allowance;
  #steps = 0;
  #objects = 0;
  #copied = 0;

  constructor(cursor: PickleCursor, allowance: Allowance) {
    this.#cursor = cursor;
    this.#allowance = allowance;
  }

  #spend(bytes: number): void {
    if (bytes > 0) this.#allowance.spend(bytes, (what) => this.#cursor.fault(what));
  }

  /** Counts one instruction. */
  step(): void {
    this.#steps++;
    if (this.#steps > MAX_STEPS) throw this.#cursor.fault(`has more than ${MAX_STEPS} pickle instructions`);
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= MAX_STACK) {
      throw this.#cursor.fault(`has more than ${MAX_STACK} values on its pickle's stack`);
    }
    this.#stack.push(value);
  }

  /** Pushes a text or a number that is new. */
  add(value: PickleValue): void {
    this.#spend(valueBytes(value));
    this.push(value);
  }

  /** Pushes an object that is new. */
  make(value: PickleValue): void {
    this.#objects++;
    if (this.#objects > MAX_OBJECTS) throw this.#cursor.fault(`has more than ${MAX_OBJECTS} pickled objects`);
    this.add(value);
  }

  /** Counts values that are about to be copied: the same list can be copied again and again. */
  charge = (count: number): void => {
    this.#copied += count;
    if (this.#copied > MAX_COPIED) {
      throw this.#cursor.fault(`copies more than ${MAX_COPIED} pickled values`);
    }
    this.#spend(ARRAY_PLACE_BYTES * count);
  };

  makeReference(id: PickleValue): void {
    const reference = new PickleReference(id);
    this.make(reference);
    this.references.push(reference);
  }

  pop(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0))
      throw this.#cursor.fault('takes a value from an empty pickle stack');
    return this.#stack.pop() as PickleValue;
  }

  top(): PickleValue {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    if (this.#marks.length >= MAX_STACK) {
      throw this.#cursor.fault(`has more than ${MAX_STACK} marks on its pickle's stack`);
    }
    this.#marks.push(this.#stack.length);
  }

  popToMark(): PickleValue[] {
    const begin = this.#marks.pop();
    if (begin === undefined) throw this.#cursor.fault('has no mark on its pickle stack where one is needed');
    return this.#stack.splice(begin);
  }

  /** Drops the value or the mark on top. */
  drop(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  remember(index: number | bigint): void {
    if (typeof index === 'bigint' || index < 0)
      throw this.#cursor.fault('numbers a remembered value below 0 or above 2^53');
    if (this.#remembered() >= MAX_STACK)
      throw this.#cursor.fault(`remembers more than ${MAX_STACK} pickled values`);
    const value = this.top();
    if (index <= this.#memo.length) {
      this.#spend(ARRAY_PLACE_BYTES);
      this.#memo[index] = value;
      this.#sparseMemo.delete(index);
    } else {
      this.#spend(MAP_ITEM_BYTES);
      this.#sparseMemo.set(index, value);
    }
  }

  #remembered(): number {
    return this.#memo.length + this.#sparseMemo.size;
  }

  memoize(): void {
    this.remember(this.#remembered());
  }

  recall(index: number | bigint): void {
    const number = Number(index);
    const value = number < this.#memo.length ? this.#memo[number] : this.#sparseMemo.get(number);
    if (value === undefined)
      throw this.#cursor.fault(`recalls pickled value ${index}, which it has not remembered`);
    this.push(value);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    const list = target instanceof PickleObject ? target.items : target;
    if (list instanceof Set) {
      this.#spend(MAP_ITEM_BYTES * items.length);
      for (const item of items) list.add(item);
    } else if (Array.isArray(list)) {
      this.#spend(itemBytes(list.length, items.length));
      for (const item of items) list.push(item);
    } else throw this.#cursor.fault('appends to a pickled value that is not a list');
  }

  /** `flat` alternates keys and values. */
  setItems(flat: readonly PickleValue[]): void {
    const target = this.top();
    if (flat.length % 2 !== 0) throw this.#cursor.fault('has a key without a value in a pickled dictionary');
    this.#spend((MAP_ITEM_BYTES * flat.length) / 2);
    if (target instanceof PickleObject) target.entries ??= new Map();
    const map = target instanceof PickleObject ? target.entries : target;
    if (!(map instanceof Map))
      throw this.#cursor.fault('sets an item of a pickled value that is not a dictionary');
    for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1]);
  }

  /** The state of an object is kept; a dictionary's own attributes do not matter for its items. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (target instanceof PickleObject) target.state = state;
  }

  popList(what: string): PickleValue[] {
    const value = this.pop();
    if (!Array.isArray(value)) throw this.#cursor.fault(`has ${what} that are not a tuple in its pickle`);
    return value;
  }

  makeGlobal(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string') {
      throw this.#cursor.fault('names a global of its pickle by something else than text');
    }
    this.make(new PickleGlobal(module, name));
  }

  /** What is left when the pickle stops: exactly one value. */
  result(): PickleValue {
    const value = this.pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) {
      throw this.#cursor.fault('stops its pickle with values left on the stack');
    }
    return value;
  }
}
