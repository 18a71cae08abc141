/** UTF-16 units of the character here: two for a surrogate pair. */
const widthAt = (text: string, at: number): number => ((text.codePointAt(at) as number) > 0xffff ? 2 : 1);

/**
 * Whether a whole name matches the pattern: `*` is any text, `?` any character, everything else itself. A star first
 * matches nothing, and grows if what follows does not match; only the latest star ever needs to grow, so the work is at
 * most the product of the two lengths.
 */
export const matchesGlob = (pattern: string, name: string): boolean => {
  let [inPattern, inName] = [0, 0];
  let star = -1;
  let starEnd = 0;
  while (inName < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      starEnd = inName;
    } else if (wanted === '?') {
      inPattern++;
      inName += widthAt(name, inName);
    } else if (wanted === name[inName]) {
      inPattern++;
      inName++;
    } else if (star >= 0) {
      inPattern = star + 1;
      starEnd++;
      inName = starEnd;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
};
