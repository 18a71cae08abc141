import { sizeOf } from '../runtime/index.ts';

/** Values of a new variable, a function of the seed and the variable's name alone. */
export type Initialiser = (seed: number, name: string, shape: readonly number[]) => Float32Array;

/** FNV-1a over the UTF-16 code units: one 32-bit key per variable name. */
const keyOf = (name: string): number => {
  let key = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x01000193);
  return key >>> 0;
};

/** The finaliser of MurmurHash3: a bijection of 32 bits in which every input bit reaches every output bit. */
const mix = (value: number): number => {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};

/**
 * `count` standard normal values from a counter-based generator: value i depends only on the seed, the name and i,
 * so adding a layer does not change the initial values of the others. Box-Muller on two hashed uniforms, in double
 * precision.
 */
export const gaussians = (seed: number, name: string, count: number): Float64Array => {
  const key = mix(seed ^ mix(keyOf(name)));
  const uniform = (counter: number): number => (mix(key + mix(counter ^ 0x9e3779b9)) + 0.5) / 2 ** 32;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform(i)));
    const angle = 2 * Math.PI * uniform(i + 1);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
};

export const constant =
  (value: number): Initialiser =>
  (_seed, _name, shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** Independent normal values of mean zero. */
const normal =
  (deviation: number): Initialiser =>
  (seed, name, shape) => {
    const drawn = gaussians(seed, name, sizeOf(shape));
    const values = new Float32Array(drawn.length);
    // A tenth of the time of Float32Array.from with a function: a ResNet-18 has eleven million.
    for (let i = 0; i < drawn.length; i++) values[i] = drawn[i] * deviation;
    return values;
  };

/** He et al. 2015: deviation sqrt(2 / fan) keeps the variance through a layer followed by a ReLU. */
export const heNormal = (fan: number): Initialiser => normal(Math.sqrt(2 / fan));

/** Deviation sqrt(1 / fan) keeps the variance through a layer without activation. */
export const lecunNormal = (fan: number): Initialiser => normal(Math.sqrt(1 / fan));

/** `scale` times the identity matrix. */
export const scaledIdentity =
  (scale: number): Initialiser =>
  (_seed, _name, [rows, columns]) => {
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = scale;
    return values;
  };
