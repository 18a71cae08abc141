/**
 * The dynamic library of onnxruntime beside its binding; DirectML and the shader compiler of Windows are only
 * for the GPU.
 */
const RUNTIME_LIBRARY = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

const LICENCE = /^(licen[cs]e|notice|copyright)[^/]*$/i;
const RUNS = /\.(js|cjs|mjs|json|node|wasm|dll|dylib|so(\.[\d.]+)?)$/;
const DOES_NOT_RUN = /^(benchmark|docs|examples|install|scripts?|src|test|test-jest)\//;

/** The files of these modules that the engine, an ES module, loads; of every other module, all files that run. */
const LOADED = {
  'onnxruntime-node': /^dist\/.*\.js$/,
  'onnxruntime-web': /^dist\/(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/,
  sharp: /^dist\/.*\.mjs$/,
};

/**
 * The files of onnxruntime-node that run on `target`, such as `linux-x64`, among `files` (relative, with slashes); none
 * when it has no binary for that platform.
 */
export function runtimeBinaries(files, target) {
  const [platform, arch] = target.split('-');
  const names = ['onnxruntime_binding.node', RUNTIME_LIBRARY[platform]];
  const folder = new RegExp(`^bin/napi-v\\d+/${platform}/${arch}/[^/]+$`);
  const binaries = files.filter((file) => folder.test(file));
  if (binaries.length === 0) return [];
  const kept = binaries.filter((file) => names.includes(file.slice(file.lastIndexOf('/') + 1)));
  if (kept.length === names.length) return kept;
  throw new Error(
    `onnxruntime-node for ${target} has ${binaries.join(', ')}, not ${names.join(' and ')}: bring scripts/package/shippedFiles.mjs up to date.`,
  );
}

/** The `files` of module `name` that a package for `target` ships: those that run there, and the licences. */
export function shippedFiles(name, files, target) {
  const licences = files.filter((file) => LICENCE.test(file));
  // The licences of the libraries inside libvips are in a README; so are those of packages without a licence file.
  if (licences.length === 0 || name.startsWith('@img/')) licences.push(...files.filter(isReadme));
  const loads = (file) => LOADED[name]?.test(file) ?? (RUNS.test(file) && !DOES_NOT_RUN.test(file));
  const binaries = name === 'onnxruntime-node' ? runtimeBinaries(files, target) : [];
  const kept = new Set(['package.json', ...licences, ...files.filter(loads), ...binaries]);
  return files.filter((file) => kept.has(file));
}

const isReadme = (file) => /^readme\.md$/i.test(file);
