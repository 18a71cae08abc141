export * from './checkpoint.ts';
export { encodeNpy, type NpyArray, readNpy } from './npy.ts';
export * from './npz.ts';
export * from './safetensors.ts';
export * from './tensor.ts';
