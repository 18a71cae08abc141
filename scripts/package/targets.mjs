/** The platforms that get a package with native code, by VS Code's names. All others get the universal package. */
export const NATIVE_TARGETS = [
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
];

/** No native code: numbers and images use WebAssembly. VS Code installs it where no other package fits. */
export const UNIVERSAL = 'universal';

export const TARGETS = [...NATIVE_TARGETS, UNIVERSAL];

/** Modules outside the bundle that run without native code. */
const EVERYWHERE = ['onnxruntime-web', 'piscina', 'sharp'];

/**
 * The modules that a package must ship, without their own dependencies. onnxruntime-web is in every package: it is used
 * where the native library does not load (an old glibc, Windows without the Visual C++ runtime). sharp uses
 * `@img/sharp-wasm32` by itself if it finds no native binary.
 */
export function modulesOf(target, hasNativeRuntime) {
  if (target === UNIVERSAL) return [...EVERYWHERE, '@img/sharp-wasm32'];
  const native = [`@img/sharp-${target}`];
  if (hasNativeRuntime) native.push('onnxruntime-node');
  return [...EVERYWHERE, ...native];
}
