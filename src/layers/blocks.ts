import type { Steps } from '../checkpoint/index.ts';
import { pathOf } from './pathOf.ts';

export interface Block {
  /** `encoder.layer.3`, or the module's path where nothing is repeated. */
  readonly block: string;
  /** `encoder.layer.*`, or null. */
  readonly repeated: string | null;
}

/** `3`, or a counter after the word for what is counted: `layer_3`, or the end of `layer_._3`. */
const COUNTER = /^(?:|_|(?:layer|block|stage|group)s?_)(\d{1,9})$/;

interface Counter {
  /** The name up to the digits. */
  readonly before: string;
  readonly digits: string;
}

const countersOf = (name: string): Counter[] =>
  pathOf(name).flatMap(({ text, end }) => {
    const digits = COUNTER.exec(text)?.[1];
    return digits === undefined ? [] : [{ before: name.slice(0, end - digits.length), digits }];
  });

/** The path of the module: the name without its last element. */
const moduleOf = (name: string): string => name.slice(0, pathOf(name).at(-2)?.end ?? 0);

/**
 * The block that a tensor belongs to, among these names: the path up to the first counter with several values after
 * the same beginning.
 */
export function* blocksOf(names: Iterable<string>): Steps<(name: string) => Block> {
  const values = new Map<string, Set<string>>();
  for (const name of names) {
    yield;
    for (const { before, digits } of countersOf(name)) {
      const seen = values.get(before);
      if (seen === undefined) values.set(before, new Set([digits]));
      else seen.add(digits);
    }
  }
  return (name) => {
    const counter = countersOf(name).find(({ before }) => (values.get(before)?.size ?? 0) > 1);
    if (counter === undefined) return { block: moduleOf(name), repeated: null };
    return { block: counter.before + counter.digits, repeated: `${counter.before}*` };
  };
}
