// Writes l10n/bundle.l10n.json, the English strings for translators, from the source: node scripts/make-l10n.mjs
// The tables of src/protocol are read by the terminal, too: they mark what pages translate with translatable('...').
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A call with its string, which must be a literal. */
const CALL = /\b(?:l10n\.t|translatable)\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")?/g;

const unquoted = (literal) =>
  literal.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(n)|(.))/g, (_, code, line, plain) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    return line ? '\n' : plain;
  });

const stringsOf = async (file) => {
  const source = await readFile(join(root, file), 'utf8');
  return [...source.matchAll(CALL)].map(({ 1: literal, index }) => {
    if (literal !== undefined) return unquoted(literal);
    const line = source.slice(0, index).split('\n').length;
    throw new Error(`${file}:${line}: give it a string literal; nothing else can be collected`);
  });
};

const names = await Promise.all(
  ['extension', 'webview', 'src/protocol'].map(async (folder) =>
    (await readdir(join(root, folder), { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  ),
);
const strings = new Set((await Promise.all(names.flat().map(stringsOf))).flat());
const bundle = Object.fromEntries([...strings].sort().map((string) => [string, string]));
const target = join(root, 'l10n', 'bundle.l10n.json');
await writeFile(`${target}.partial`, `${JSON.stringify(bundle, null, 2)}\n`);
await rename(`${target}.partial`, target);
console.log(`l10n/bundle.l10n.json: ${strings.size} strings`);
