/** Elements of a tensor's name: the texts between dots and slashes, with the index where each ends. */
export interface PathElement {
  readonly text: string;
  readonly end: number;
}

/** Longer paths than any model has are cut here, so that a hostile name costs no more than a normal one. */
const MOST_ELEMENTS = 64;

export const pathOf = (name: string): PathElement[] => {
  const elements: PathElement[] = [];
  for (const match of name.matchAll(/[^./]+/g)) {
    elements.push({ text: match[0], end: match.index + match[0].length });
    if (elements.length === MOST_ELEMENTS) break;
  }
  return elements;
};

/** The name without what formats append to it: the number of an output (`kernel:0`), a name in the graph (`w (9)`). */
export const withoutOutput = (name: string): string => name.replace(/:\d{1,3}$| \([^()]{1,80}\)$/, '');
