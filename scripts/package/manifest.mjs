/** The parts of package.json that only the repository needs. */
const REPOSITORY_ONLY = ['scripts', 'devDependencies', 'overrides', 'allowScripts', 'bin', 'private'];

/** Keys of `contributes` that name a file of the extension. */
const FILE_KEYS = new Set([
  'configuration',
  'dark',
  'entrypoint',
  'fontPath',
  'hc',
  'hcLight',
  'icon',
  'image',
  'light',
  'markdown',
  'path',
  'svg',
  'url',
]);

/** What is packaged, besides package.json itself. */
export const PACKAGED = [
  'dist',
  'media',
  'docs',
  'l10n',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** The package.json of a package that ships the modules `shipped` unbundled. */
export function packagedManifest(manifest, shipped) {
  const kept = Object.entries(manifest).filter(([key]) => !REPOSITORY_ONLY.includes(key));
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([name]) => shipped.includes(name));
  return { ...Object.fromEntries(kept), files: PACKAGED, dependencies: Object.fromEntries(dependencies) };
}

/**
 * The files that package.json says the extension has: its entry, its icon, and those of its contributions, relative to
 * the extension and each once. `$(name)` is one of VS Code's icons, a colour is not a file, and `https:` is not in the
 * extension.
 */
export function namedFiles({ main, icon, contributes = {} }) {
  const named = new Set([main, icon].filter((file) => file !== undefined));
  const collect = (value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'string') collect(inner);
      else if (FILE_KEYS.has(key) && !/^(\$\(|[a-z-]+:)/.test(inner)) named.add(inner);
    }
  };
  const { colors: _colours, configuration: _settings, keybindings: _keys, ...withFiles } = contributes;
  collect(withFiles);
  return [...named].map((file) => file.replace(/^\.\//, '')).sort();
}
