/** The platforms that get a package with native code, by VS Code's names. Every other one gets the universal package. */
export const NATIVE_TARGETS = [
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
];

/** No native code: numbers and images by WebAssembly. VS Code installs it where no other package fits. */
export const UNIVERSAL = 'universal';

export const TARGETS = [...NATIVE_TARGETS, UNIVERSAL];

/** What the bundle leaves outside, and what of it runs where no native code is shipped. */
const EVERYWHERE = ['onnxruntime-web', 'piscina', 'sharp'];

/**
 * The modules that a package must ship, before their own dependencies. onnxruntime-web goes into every package: it takes
 * over where the native library does not load (an old glibc, Windows without the Visual C++ runtime). sharp takes
 * `@img/sharp-wasm32` by itself when it finds no native binary.
 */
export function modulesOf(target, hasNativeRuntime) {
  if (target === UNIVERSAL) return [...EVERYWHERE, '@img/sharp-wasm32'];
  const native = [`@img/sharp-${target}`];
  if (hasNativeRuntime) native.push('onnxruntime-node');
  return [...EVERYWHERE, ...native];
}
