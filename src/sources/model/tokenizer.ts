import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotThere, readFault } from '../../disk/index.ts';
import { inputFault, libraryReason } from '../../protocol/index.ts';

/** Makes token numbers of texts, as a model was trained with. */
export interface TextTokenizer {
  readonly path: string;
  /** What a shorter text is filled up with. */
  readonly padding: number;
  /** The tokens of a text with the special ones around it, at most so many: what is too long is cut at its end. */
  encode(text: string, most: number): readonly number[];
}

const FILE = 'tokenizer.json';
const REMEDY = 'Give the tokenizer.json that belongs to the model';

/** The `tokenizer.json` beside a model; null if there is none. */
export const tokenizerBeside = async (model: string): Promise<string | null> => {
  const path = join(dirname(model), FILE);
  return access(path).then(
    () => path,
    () => null,
  );
};

/**
 * A tokenizer of the `tokenizers` library of Hugging Face, from its `tokenizer.json`, with the `tokenizer_config.json` beside it if
 * there is one.
 * @throws Fault (input) for a file that is none.
 */
export const openTokenizer = async (path: string): Promise<TextTokenizer> => {
  const json = await objectIn(path, true);
  const config = (await objectIn(join(dirname(path), 'tokenizer_config.json'), false)) ?? {};
  const { Tokenizer } = await import('@huggingface/tokenizers');
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer(json!, config);
  } catch (error) {
    throw inputFault(`is no tokenizer that is read here (${libraryReason(error)})`, path, REMEDY, error);
  }
  const encode = (text: string, isPlain: boolean): number[] => {
    try {
      return tokenizer.encode(text, { add_special_tokens: !isPlain }).ids;
    } catch (error) {
      throw inputFault(`cannot make tokens of a text (${libraryReason(error)})`, path, REMEDY, error);
    }
  };
  return {
    path,
    padding: paddingOf(json!, config, (token) => tokenizer.token_to_id(token)),
    encode: (text, most) => {
      const ids = encode(text, false);
      if (ids.length <= most) return ids;
      // What is around the text stays: the special tokens at both ends.
      const plain = encode(text, true);
      const before = placeOf(plain, ids);
      const behind = ids.length - before - plain.length;
      const kept = Math.max(0, most - before - behind);
      return [...ids.slice(0, before), ...plain.slice(0, kept), ...ids.slice(before + plain.length)];
    },
  };
};

/** Where a text begins between its special tokens. */
const placeOf = (plain: readonly number[], ids: readonly number[]): number => {
  const last = ids.length - plain.length;
  for (let start = 0; start < last; start++) {
    if (plain.every((id, at) => ids[start + at] === id)) return start;
  }
  return Math.max(0, last);
};

/** The token that pads, by its name in either file; else 0, which a mask hides. */
const paddingOf = (
  json: Record<string, unknown>,
  config: Record<string, unknown>,
  idOf: (token: string) => number | undefined,
): number => {
  const { padding } = json as { readonly padding?: { readonly pad_id?: unknown } | null };
  if (typeof padding?.pad_id === 'number') return padding.pad_id;
  const named = config.pad_token as string | { readonly content?: string } | null | undefined;
  const token = typeof named === 'string' ? named : named?.content;
  const candidates = token === undefined ? ['[PAD]', '<pad>'] : [token];
  return candidates.map(idOf).find((id) => id !== undefined) ?? 0;
};

const objectIn = async (path: string, isNeeded: boolean): Promise<Record<string, unknown> | null> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!isNeeded && isNotThere(error)) return null;
    throw readFault(path, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw inputFault('is not valid JSON', path, REMEDY, error);
  }
  throw inputFault('is no tokenizer', path, REMEDY);
};
