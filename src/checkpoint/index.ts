export * from './checkpoint.ts';
export { encodeNpy, type NpyArray, readNpy } from './numpy/npy.ts';
export * from './numpy/npz.ts';
export * from './open.ts';
export { ChangedFault, type CheckpointFiles } from './openedFiles.ts';
export type { ReadRange } from './range.ts';
export { encodeSafetensors, openSafetensors } from './safetensors/safetensors.ts';
export * from './tensor.ts';
export type * from './use.ts';
