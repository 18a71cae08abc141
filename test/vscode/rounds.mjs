/**
 * The rounds in VS Code that `npm test` has a stage for. The suite runs on the package, which is what is installed: what the
 * sources have and a package lacks fails there alone. `run.mjs --only sources` runs it without packaging.
 */
export const ROUNDS = ['restricted', 'package'];
