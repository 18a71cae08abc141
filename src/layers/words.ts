import { withoutOutput } from './pathOf.ts';

/** Names are read from their end, up to this length, so that a hostile one costs no more than a normal one. */
const MOST_CHARACTERS = 1024;

/** Where a word ends: at characters that are not letters or digits, and where camelCase begins another. */
const BOUNDARY = /[^a-zA-Z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** The words of a text, in lower case: `self_attn` is two, `Conv2DTranspose_1` three. */
export const wordsOf = (text: string): string[] =>
  text
    .split(BOUNDARY)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

/** `conv1` as `conv`, `norm2` as `norm`: exporters number repeated names. */
const unnumbered = (word: string): string => word.replace(/\d{1,6}$/, '') || word;

/** The words of one element of a path, without numbers at their ends; a number alone is kept. */
export type Element = readonly string[];

/** A tensor's name as words, from the parameter outwards. */
export interface SpelledName {
  /** Words of the parameter itself: `weight`, `in_proj_weight`. */
  readonly leaf: Element;
  /** Words of the module that owns it; empty if the name has one element. */
  readonly module: Element;
  /** Words of the outer elements, innermost first. */
  readonly outer: readonly Element[];
  /** Every word of the name. */
  readonly words: ReadonlySet<string>;
}

/**
 * `a.parametrizations.weight.original1` as `a.weight`, and likewise `a.weight_v` and `a.weight_orig`: what PyTorch
 * stores of a parameter that weight_norm or spectral_norm divides by its size. The size is `original0` or `weight_g`.
 */
const asParameter = (name: string): string =>
  name
    .replace(/\.parametrizations\.(\w{1,80})\.original1?$/, '.$1')
    .replace(/(?<=^|\.)(weight(?:_[a-z]{1,9}_l\d{1,4})?)_(?:v|orig)$/, '$1');

/** The size that weight_norm's parametrisation divides by is `g`, like `weight_g` in the older form. */
const elementOf = (text: string): Element =>
  text === 'original0' ? ['weight', 'g'] : wordsOf(text).map(unnumbered);

/** A parameter's name as words. */
export const spell = (name: string): SpelledName => {
  const elements = asParameter(withoutOutput(name.slice(-MOST_CHARACTERS)))
    .split(/[./]/)
    .filter((text) => text !== '')
    .map(elementOf)
    .reverse();
  const [leaf = [], module = [], ...outer] = elements;
  return { leaf, module, outer, words: new Set(elements.flat()) };
};

/** Whether an element has one of these words. */
export const hasWord = (element: Element, words: ReadonlySet<string>): boolean =>
  element.some((word) => words.has(word));
