/** Elements of a tensor's name: what dots and slashes separate, with the place where each ends. */
export interface PathElement {
  readonly text: string;
  readonly end: number;
}

/** Longer paths than any model has are cut here, so that a hostile name costs no more than another. */
const MOST_ELEMENTS = 64;

export const pathOf = (name: string): PathElement[] => {
  const elements: PathElement[] = [];
  for (const match of name.matchAll(/[^./]+/g)) {
    elements.push({ text: match[0], end: match.index + match[0].length });
    if (elements.length === MOST_ELEMENTS) break;
  }
  return elements;
};

/** The name without what formats write behind it: the number of an output (`kernel:0`), a name in the graph (`w (9)`). */
export const withoutOutput = (name: string): string => name.replace(/:\d{1,3}$| \([^()]{1,80}\)$/, '');
