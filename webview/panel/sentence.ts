/**
 * A translated sentence with its `parts`, text or elements, in the places {0}, {1} ... of it. Parts are inserted as
 * they are: a placeholder in a name stays text.
 */
export const sentence = <Part extends object>(
  translated: string,
  ...parts: readonly (Part | string)[]
): (Part | string)[] =>
  translated
    .split(/\{(\d+)\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : (parts[Number(piece)] ?? '')));
