/** A name in a module, such as `os.system`: only the name, nothing is ever imported. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object that a pickle would create with a call: the call is kept but never made. */
export class PickleObject {
  state: PickleValue = null;
  /** What was appended to it, if it is a kind of list or set. */
  items: PickleValue[] = [];
  /** What was set in it, if it is a kind of dictionary. */
  entries: Map<PickleValue, PickleValue> | null = null;

  constructor(
    readonly callable: PickleValue,
    readonly args: readonly PickleValue[],
  ) {}
}

/** An object outside the pickle, by its persistent id. */
export class PickleReference {
  constructor(readonly id: PickleValue) {}
}

/**
 * A value in a pickle: dictionaries as Map (object keys by identity), lists and tuples as arrays, integers as
 * numbers if exact and else as bigints. It can refer to itself.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickleGlobal
  | PickleObject
  | PickleReference;
