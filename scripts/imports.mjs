// Which folder may import which: run by `npm run check` and `npm test`. One folder enters another through its public index.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const WORK =
  'protocol disk experiment checkpoint statistics spectrum layers theory runtime data model store train sources inspect choose';

/** Each folder, and what of `src` it may import. The first line that a file is in counts. */
const RULES = [
  ['src/protocol', ''],
  // Without schemas: the extension loads it when it is activated.
  ['src/disk', 'protocol/messages.ts'],
  ['src/statistics', ''],
  ['src/spectrum', 'protocol statistics'],
  ['src/theory', 'protocol'],
  ['src/runtime', 'protocol'],
  ['src/experiment', 'protocol disk'],
  ['src/checkpoint', 'protocol disk'],
  ['src/data', 'protocol disk experiment checkpoint runtime theory'],
  ['src/model', 'protocol experiment runtime data'],
  ['src/store', 'protocol disk checkpoint runtime'],
  ['src/layers', 'protocol disk checkpoint spectrum store'],
  ['src/train', 'protocol disk experiment runtime data model store'],
  ['src/sources', 'protocol disk checkpoint experiment spectrum theory runtime data model train'],
  // Not training nor models: any source is inspected alike.
  ['src/inspect', 'protocol disk experiment statistics spectrum runtime data store sources'],
  ['src/choose', 'protocol statistics'],
  ['src/handover', 'protocol statistics checkpoint runtime data model store train sources inspect choose'],
  ['src/cli', `${WORK} handover`],
  ['src/engine', `${WORK} handover`],
  // The two entries.
  ['src', `${WORK} cli engine/*`],
  // The rest runs in the engine's process.
  ['extension', 'protocol protocol/messages.ts disk experiment'],
  // Numbers to draw: no DOM either, which their types see to (tsconfig.json).
  // Without schemas, which are larger than all figures.
  ['webview/series', 'protocol/messages.ts statistics'],
  ['webview/checkpoint/series', 'protocol/messages.ts webview/series'],
  // With schemas: no host has read what a cell displays.
  ['webview/notebook', 'protocol protocol/messages.ts choose webview'],
  ['webview', 'protocol/messages.ts statistics webview/series webview/checkpoint/series'],
];

/** Modules that only one folder may import. */
const ONLY = { vscode: 'extension' };

/**
 * Libraries that take long to load and that most commands do not use: `import()` loads them where they are needed. Named here are the files
 * that are themselves loaded so.
 */
const LOADED_LATER = {
  sharp: [],
  'onnxruntime-node': [],
  'onnxruntime-web': [],
  piscina: ['src/data/augmentWorker.ts'],
  '@tensorflow/tfjs-backend-cpu': ['src/sources/model/tfjsModel.ts'],
  '@tensorflow/tfjs-layers': ['src/sources/model/tfjsModel.ts'],
  '@tensorflow/tfjs-converter': ['src/sources/model/tfjsModel.ts'],
};

const IMPORT = /\b(?:from|import)\s*\(?\s*'([^']+)'/g;
/** What a file loads as soon as it is loaded, not types, nor what it awaits. */
const LOADED_AT_ONCE = /^(?:import|export)\b(?!\s+type\b)[^;'(]*'([^']+)'/gm;

const isIn = (file, folder) => file.startsWith(`${folder}/`);
const ruleOf = (file) => RULES.find(([folder]) => isIn(file, folder));

/** As the rules name it: a folder of `src` that is entered through its index.ts, a file in it, another folder. */
const nameOf = (target) => {
  const [folder] = ruleOf(target) ?? [];
  return isIn(target, 'src') ? target.replace('src/', '').replace(/\/index\.ts$/, '') : (folder ?? target);
};

/** What a file imports against the rules, a line each. Paths are relative to the root, with `/`. */
export function faultsOf(file, text) {
  const [folder, allowed] = ruleOf(file) ?? [];
  if (folder === undefined) return [];
  const tooEarly = [...text.matchAll(LOADED_AT_ONCE)]
    .filter(([, specifier]) => LOADED_LATER[specifier]?.includes(file) === false)
    .map(
      ([, specifier]) =>
        `${file}: '${specifier}' takes long to load, so load it with import() where it is used`,
    );
  const forbidden = [...text.matchAll(IMPORT)].flatMap(([, specifier]) => {
    const only = ONLY[specifier];
    if (only !== undefined && !isIn(file, only)) return [`${file}: only ${only} may import '${specifier}'`];
    const target = /^\..*\.ts$/.test(specifier) ? join(dirname(file), specifier) : '';
    if (target === '' || ruleOf(target)?.[0] === folder) return [];
    const name = nameOf(target);
    const names = [name, name.replace(/\/[^/]*$/, '/*')];
    return allowed.split(' ').some((each) => names.includes(each))
      ? []
      : [`${file}: ${folder} may not import ${target}`];
  });
  return [...tooEarly, ...forbidden];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'extension', 'webview'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((path) => join(folder, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts')),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = sources.flatMap((file) => faultsOf(file, readFileSync(join(root, file), 'utf8')));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) console.error('The rules are in scripts/imports.mjs.');
  process.exit(faults.length === 0 ? 0 : 1);
}
