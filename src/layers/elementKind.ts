/** What the elements of a tensor are, by the format's name of their type. */
export type ElementKind = 'real' | 'integer' | 'truth' | 'complex' | 'text';

const KINDS: readonly (readonly [RegExp, ElementKind])[] = [
  [/^(?:bool|\|b1)$/, 'truth'],
  [/^(?:c(?:64|128)|complex\w*|[<>=]c\d+)$/, 'complex'],
  [/^(?:str|string|[<>=|]?[so]\d*|[<>=]u\d{2,})$/, 'text'],
  [/^(?:[<>=|]?[iu][1248]|[iu](?:4|8|16|32|64)|u?int\d*|long|short|char|byte)$/, 'integer'],
];

/**
 * Any unrecognised type counts as real numbers: floats of any width, and quantised ones. Brackets after the type say
 * how it is stored.
 */
export const elementKind = (dtype: string): ElementKind => {
  if (dtype.endsWith(' × scale')) return 'real';
  const [word] = dtype.toLowerCase().split(/\s/, 1);
  const spelled = word.replace(/^torch\.|storage$/g, '');
  return KINDS.find(([pattern]) => pattern.test(spelled))?.[1] ?? 'real';
};
