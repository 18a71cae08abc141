export * from './checkpoint.ts';
export { encodeNpy, type NpyArray, readNpy } from './npy.ts';
export * from './npz.ts';
export * from './open.ts';
export { packedQuantisation } from './packed.ts';
export { encodeSafetensors, openSafetensors } from './safetensors.ts';
export * from './tensor.ts';
