// Writes manifest.json: every file of the corpus, what it is, and the expected result. Run as: node make_manifest.mjs
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const corpus = dirname(fileURLToPath(import.meta.url));
const EXPECTED = '.expected.json';
const json = (path) => JSON.parse(readFileSync(join(corpus, path), 'utf8'));

const paths = readdirSync(corpus, { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.includes('/') && statSync(join(corpus, path)).isFile())
  .sort();
const folders = [...new Set(paths.map((path) => path.split('/')[0]))];

const messages = new Map(
  folders.flatMap((folder) =>
    json(`${folder}/hostile.json`).map(({ file, message }) => [`${folder}/${file}`, message]),
  ),
);

/** The contents of each folder; a good file names its format more exactly. */
const NAMES = {
  gguf: 'GGUF',
  keras: 'Keras',
  numpy: 'NumPy',
  onnx: 'ONNX',
  pytorch: 'PyTorch',
  safetensors: 'safetensors',
  tfjs: 'TensorFlow.js',
};

/** The good and hostile files that refer to another file in their folder or below. */
const usersOf = (part) =>
  paths.filter((path) => {
    const isUser = paths.includes(path + EXPECTED) || messages.has(path);
    if (!isUser || !part.startsWith(`${dirname(path)}/`)) return false;
    return readFileSync(join(corpus, path), 'latin1').includes(basename(part));
  });

const describe = (path) => {
  const folder = path.split('/')[0];
  const format = NAMES[folder];
  if (paths.includes(path + EXPECTED)) {
    const { format: exact, tensors } = json(path + EXPECTED);
    const count = Object.keys(tensors).length;
    return { format: exact, kind: 'good', what: `${count} readable tensor${count === 1 ? '' : 's'}` };
  }
  if (messages.has(path)) {
    const what = basename(path, extname(path))
      .replace(/(?<=[a-z])(?=[A-Z])|[-_.]/g, ' ')
      .toLowerCase();
    return { format, kind: 'hostile', what, message: messages.get(path) };
  }
  if (path.endsWith(EXPECTED)) {
    return { format, kind: 'oracle', what: `what ${path.slice(0, -EXPECTED.length)} holds` };
  }
  if (path === `${folder}/hostile.json`) {
    return { format, kind: 'oracle', what: 'messages of the hostile files' };
  }
  const users = usersOf(path);
  if (users.length > 0) return { format, kind: 'part', what: `bytes of ${users.join(' and ')}` };
  return { format, kind: 'fixture', what: 'for a unit test' };
};

const files = paths.map((path) => ({ path, bytes: statSync(join(corpus, path)).size, ...describe(path) }));
writeFileSync(join(corpus, 'manifest.json'), `${JSON.stringify({ files }, null, 1)}\n`);
