import { type JsonNode, JsonSyntaxError, parseJsonText } from './jsonText.ts';

/** The offset of a value (or of its key), or of the nearest enclosing value that the text has. */
export function offsetOf(root: JsonNode, path: readonly PropertyKey[], atKey = false): number {
  let node = root;
  let offset = root.offset;
  for (const [depth, key] of path.entries()) {
    const member = node.members.get(typeof key === 'symbol' ? String(key) : key);
    if (member === undefined) break;
    node = member;
    offset = atKey && depth === path.length - 1 ? member.keyOffset : member.offset;
  }
  return offset;
}

/**
 * The offset of the value that a JSON pointer (RFC 6901) names, or of the nearest enclosing value that the text has:
 * a field with its default value may be missing. Null when the text is not JSON.
 */
export function offsetOfPointer(text: string, pointer: string): number | null {
  let root: JsonNode;
  try {
    root = parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
  return offsetOf(root, pathOf(pointer, root.value));
}

/** The keys of a pointer; those that index a list as numbers. */
function pathOf(pointer: string, root: unknown): PropertyKey[] {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      const index = Array.isArray(value) && /^\d+$/.test(key) ? Number(key) : key;
      value = (value as Record<PropertyKey, unknown> | null | undefined)?.[index];
      return index;
    });
}
