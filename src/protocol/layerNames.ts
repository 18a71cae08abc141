/** What the name of a layer is reduced to in a figure. */
export interface LayerLabel {
  /** The whole name, for tooltips, tables and announcements. */
  readonly name: string;
  /** What tells it apart from the others: `h.3 attn.c_attn`. */
  readonly text: string;
  /** The beginning of `text` that its neighbours may share: `h.3`; empty if it is in no block. */
  readonly block: string;
  /** The rest: `attn.c_attn`. */
  readonly inner: string;
}

const SEPARATORS = ['.', '/', ':'] as const;
const isSeparator = (character: string | undefined): boolean =>
  character === '.' || character === '/' || character === ':';

/** Separators, spaces and control characters alone show nothing. */
const VISIBLE = /[^\s\p{C}./:]|\p{Surrogate}/u;

/** Where the digits from `at` on end, if they are a whole part of the name; otherwise `at`. */
const endOfNumber = (name: string, at: number): number => {
  let end = at;
  while (name[end] >= '0' && name[end] <= '9') end++;
  return end === name.length || isSeparator(name[end]) ? end : at;
};

/** Index of the first visible character from `from` on, in steps of 1 or -1; -1 or the length without one. */
const visibleFrom = (name: string, from: number, step: 1 | -1): number => {
  let index = from;
  while (index >= 0 && index < name.length && !VISIBLE.test(name[index])) index += step;
  return index;
};

/** How many characters all names have in common at the beginning, or at the end with `-1`. */
const sharedLength = (names: readonly string[], direction: 1 | -1): number => {
  const [first] = names;
  const at = (name: string, index: number): string => name[direction === 1 ? index : name.length - 1 - index];
  return names.reduce((shared, name) => {
    const most = Math.min(shared, name.length);
    let length = 0;
    while (length < most && at(name, length) === at(first, length)) length++;
    return length;
  }, first.length);
};

const leastOf = (names: readonly string[], value: (name: string) => number): number =>
  names.reduce((least, name) => Math.min(least, value(name)), Number.POSITIVE_INFINITY);

/** The longest prefix of all names that ends in a separator, and that does not separate a number from its word. */
const commonPrefix = (names: readonly string[]): number => {
  const [first] = names;
  const cutBack = (from: number): number => {
    let length = Math.max(0, from);
    while (length > 0 && !isSeparator(first[length - 1])) length--;
    return length;
  };
  const lastVisible = leastOf(names, (name) => visibleFrom(name, name.length - 1, -1));
  let length = cutBack(Math.min(sharedLength(names, 1), lastVisible));
  // The 3 of `h.3` alone would say nothing.
  while (length > 0 && names.some((name) => endOfNumber(name, length) > length)) length = cutBack(length - 1);
  return length;
};

/** The longest suffix of all names that begins with a separator and leaves something of each after `prefix`. */
const commonSuffix = (names: readonly string[], prefix: number): number => {
  const [first] = names;
  const room = leastOf(names, (name) => name.length - 1 - visibleFrom(name, prefix, 1));
  let length = Math.max(0, Math.min(sharedLength(names, -1), room));
  while (length > 0 && !isSeparator(first[first.length - length])) length--;
  return length;
};

/** Characters of `text` before its first number that something follows, with that number; 0 without one. */
const blockLength = (text: string): number => {
  for (let at = 0; at < text.length; at++) {
    if (at > 0 && !isSeparator(text[at - 1])) continue;
    const end = endOfNumber(text, at);
    if (end > at) return VISIBLE.test(text.slice(end)) ? end : 0;
  }
  return 0;
};

const labelOf = (name: string, text: string, block: number): LayerLabel => ({
  name,
  text,
  block: text.slice(0, block),
  inner: block === 0 ? text : text.slice(block + 1),
});

/** Gives equal texts a number, so that no two are equal. */
const numbered = (labels: readonly LayerLabel[]): LayerLabel[] => {
  const taken = new Set(labels.map(({ text }) => text));
  const last = new Map<string, number>();
  return labels.map((label) => {
    const count = last.get(label.text);
    last.set(label.text, count ?? 1);
    if (count === undefined) return label;
    let next = count + 1;
    while (taken.has(`${label.text} (${next})`)) next++;
    last.set(label.text, next);
    const text = `${label.text} (${next})`;
    taken.add(text);
    return labelOf(label.name, text, label.block.length);
  });
};

/** Names as they are, such as those of features. */
export const plainLabels = (names: readonly string[]): LayerLabel[] =>
  names.map((name) => labelOf(name, name, 0));

/** Whether a name is one word, such as `input`: it has no prefix that others could share. */
const isOneWord = (name: string): boolean => SEPARATORS.every((separator) => !name.includes(separator));

/**
 * Names without the prefix and the suffix that all of several words share, split at `.`, `/` and `:`, and the block that
 * each is in: everything up to the first number. `transformer.h.3.attn.c_attn.weight` among its like is
 * `h.3 attn.c_attn`. No text is empty, and no two are equal. The work is linear in the length of the names.
 */
export const layerLabels = (names: readonly string[]): LayerLabel[] => {
  const longer = names.filter((name) => !isOneWord(name));
  const prefix = longer.length > 1 ? commonPrefix(longer) : 0;
  const suffix = longer.length > 1 ? commonSuffix(longer, prefix) : 0;
  const cut = names.map((name) => {
    const text = isOneWord(name) ? name : name.slice(prefix, name.length - suffix);
    return VISIBLE.test(text) ? text : JSON.stringify(text);
  });
  const labels = names.map((name, index): LayerLabel => {
    const block = blockLength(cut[index]);
    const label = labelOf(name, cut[index], block);
    // Names that stay whole keep their separators.
    return block === 0 || prefix + suffix === 0 ? label : { ...label, text: `${label.block} ${label.inner}` };
  });
  const seen = new Map<string, number>();
  for (const { text } of labels) seen.set(text, (seen.get(text) ?? 0) + 1);
  // `h.3.attn` and `h.3/attn` differ only in what the space replaces.
  return numbered(
    labels.map((label, index) =>
      seen.get(label.text) === 1 ? label : labelOf(label.name, cut[index], label.block.length),
    ),
  );
};

/** Names for a list that shows so many characters of each: whole if all fit, otherwise what tells them apart. */
export const listLabels = (names: readonly string[], fitting: number): string[] =>
  names.every((name) => name.length <= fitting) ? [...names] : layerLabels(names).map(({ text }) => text);

/** Least number of characters that a cut label keeps of the name inside its block. */
const INNER_LEAST = 8;

/** `label` cut to `limit` characters, so that the number of the block and the end of the name stay legible. */
export const cutLabel = (label: LayerLabel, limit: number, withBlock = true): string => {
  if (!withBlock || label.block === '') return shorten(withBlock ? label.text : label.inner, limit);
  const [block, inner] = [[...label.block].length, [...label.inner].length];
  if (block + 1 + inner <= limit) return label.text;
  const kept = Math.max(Math.min(inner, INNER_LEAST, Math.floor(limit / 2)), limit - 1 - block);
  const separator = label.text.charAt(label.block.length);
  return `${shorten(label.block, limit - 1 - kept)}${separator}${shorten(label.inner, kept)}`;
};

/** A name cut in the middle to `limit` characters: so that the block and the layer at its end stay legible. */
export const shorten = (name: string, limit: number): string => {
  const characters = [...name];
  if (characters.length <= limit) return name;
  const head = Math.floor((limit - 1) / 3);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (limit - 1 - head)).join('')}`;
};
