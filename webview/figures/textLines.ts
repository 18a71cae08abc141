import { textWidth } from '../series/format.ts';

/** `text` in lines of at most `width` px at `size` px, broken at spaces, and inside words that are longer than a line. */
export const wrapText = (text: string, width: number, size: number): string[] => {
  const room = Math.max(1, Math.floor(width / textWidth('x', size)));
  const words = text
    .split(/\s+/)
    .flatMap((word) => {
      const characters = [...word];
      const parts = Math.max(1, Math.ceil(characters.length / room));
      return Array.from({ length: parts }, (_, part) =>
        characters.slice(part * room, (part + 1) * room).join(''),
      );
    })
    .filter((word) => word !== '');
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && [...longer].length <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
