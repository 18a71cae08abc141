import { shorten } from '../../series/format.ts';

/** What all names of a checkpoint have in common: each ends or begins at a separator, so that no word is cut. */
export interface SharedEnds {
  readonly prefix: string;
  readonly suffix: string;
}

const SEPARATORS = './:';

const lengthInCommon = (a: string, b: string, at: (text: string, index: number) => string): number => {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length++;
  return length;
};

const fromStart = (text: string, index: number): string => text[index];
const fromEnd = (text: string, index: number): string => text[text.length - 1 - index];

/** A name without the part of its tensor: without `[q]`. */
const baseOf = (name: string): string => {
  const part = name.endsWith(']') ? name.lastIndexOf('[') : -1;
  return part < 0 ? name : name.slice(0, part);
};

/** The common ends of names; parts of tensors are left out of the comparison. */
export const sharedEnds = (names: readonly string[]): SharedEnds => {
  if (names.length < 2) return { prefix: '', suffix: '' };
  const [first, ...others] = names.map(baseOf);
  let [ahead, behind] = [first.length, first.length];
  for (const other of others) {
    ahead = Math.min(ahead, lengthInCommon(first, other, fromStart));
    behind = Math.min(behind, lengthInCommon(first, other, fromEnd));
  }
  while (ahead > 0 && !SEPARATORS.includes(first[ahead - 1])) ahead--;
  while (behind > 0 && !SEPARATORS.includes(first[first.length - behind])) behind--;
  // Names that differ only in their parts share everything: that must not be taken away.
  const isAll = ahead + behind >= first.length;
  return { prefix: first.slice(0, ahead), suffix: isAll ? '' : first.slice(first.length - behind) };
};

const withoutPrefix = (name: string, prefix: string): string =>
  prefix !== '' && name.length > prefix.length && name.startsWith(prefix)
    ? `…${name.slice(prefix.length)}`
    : name;

const withoutSuffix = (name: string, suffix: string): string => {
  const base = baseOf(name);
  if (suffix === '' || !base.endsWith(suffix)) return name;
  return base.slice(0, base.length - suffix.length) + name.slice(base.length);
};

/**
 * A name in at most `room` characters: whole, or without what all names begin with, or also without what they end
 * with; if that is still too long, cut in its middle. The whole name must be at hand, such as in a tooltip.
 */
export const fittingName = (name: string, { prefix, suffix }: SharedEnds, room: number): string => {
  const cut = withoutPrefix(withoutSuffix(name, suffix), prefix);
  const shorter = [name, withoutPrefix(name, prefix), cut];
  return shorter.find((text) => [...text].length <= room) ?? shorten(cut, room);
};
