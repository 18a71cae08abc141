/** Dependencies that are declared but not loaded when the engine runs, so that they need not be shipped. */
const NOT_LOADED = {
  // Its install script downloads CUDA libraries with them.
  'onnxruntime-node': ['adm-zip', 'global-agent'],
  // Inside the file that Node loads.
  'onnxruntime-web': ['flatbuffers', 'guid-typescript', 'long', 'platform', 'protobufjs'],
};

/** The entry of `name` as the module at `from` finds it: nested under it, under one of its parents, or at the top. */
export function lockEntry(packages, name, from = '') {
  for (let parent = from; ; parent = parent.slice(0, Math.max(0, parent.lastIndexOf('/node_modules/')))) {
    const path = `${parent === '' ? '' : `${parent}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return { name, path, ...packages[path] };
    if (parent === '') throw new Error(`package-lock.json has no ${name}: run npm install.`);
  }
}

/**
 * The entries of `names` and of all their run-time dependencies, in the order of their paths. Optional dependencies
 * are other platforms' binaries and extras; only a platform's binary includes its own (the libvips of sharp).
 */
export function shippedEntries(packages, names) {
  const found = new Map();
  const add = (name, from) => {
    const entry = lockEntry(packages, name, from);
    if (found.has(entry.path)) return;
    found.set(entry.path, entry);
    const skipped = NOT_LOADED[name] ?? [];
    const optional = name.startsWith('@img/sharp-') ? entry.optionalDependencies : {};
    for (const needed of Object.keys({ ...entry.dependencies, ...optional })) {
      if (!skipped.includes(needed)) add(needed, entry.path);
    }
  };
  for (const name of names) add(name, '');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
