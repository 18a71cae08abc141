import { join } from 'node:path';
import type { PreprocessSpec } from '../../experiment/index.ts';
import { formatCount, inputFault, libraryReason, shown } from '../../protocol/index.ts';
import type { ModelArray, ModelPort } from '../../runtime/index.ts';
import type { RecordedColumn } from '../recording/recordedColumns.ts';
import { RecordedFiles } from '../recording/recordedFiles.ts';
import { asType } from './arrayInputs.ts';
import type { ModelInputs } from './modelInputs.ts';
import { onlyInput } from './modelInputs.ts';
import { type Preprocessing, preprocessingFor } from './preprocessing.ts';

const IMAGE = /\.(?:png|jpe?g|webp|gif|tiff?|avif)$/i;
/** Images decoded at the same time; sharp uses its own threads for each. */
const AT_ONCE = 4;

/** What a model of images is given. */
interface ImageModel {
  readonly path: string;
  readonly ports: readonly ModelPort[];
}

/**
 * The images of a folder: split/class/image, class/image, or images alone. The class is the label `class`.
 * @throws Fault (input) for a folder without images, and a model that takes none.
 */
export const imageInputs = async (
  folder: string,
  { path, ports }: ImageModel,
  asked: PreprocessSpec | undefined,
): Promise<ModelInputs> => {
  const port = onlyInput(ports, path);
  const layout = imageLayout(port, path);
  const found = await preprocessingFor(asked, path, layout);
  const { preprocessing, from } = found;
  const files = await RecordedFiles.of(folder);
  const names = files.names.filter((name) => IMAGE.test(name));
  if (names.length === 0) {
    throw inputFault(
      'has no images',
      folder,
      'Give a folder of .png, .jpg, .webp, .gif, .tiff or .avif files',
    );
  }
  const folders = foldersOf(names);
  const [height, width] = preprocessing.crop;
  const channels = preprocessing.channels === 'grey' ? 1 : 3;
  const decoded = (begin: number, end: number): Promise<Uint8Array> =>
    decodeAll(
      names.slice(begin, end).map((name) => join(folder, name)),
      preprocessing,
    );
  return {
    samples: names.length,
    sampleNames: names,
    columns: folders.classes === null ? new Map() : new Map([['class', textColumn(folder, folders.classes)]]),
    split: null,
    splitNames: folders.splits,
    batch: async (begin, end) => {
      const pixels = normalised(await decoded(begin, end), preprocessing, layout.isChannelsFirst);
      const samples = Math.min(end, names.length) - begin;
      const shape = layout.isChannelsFirst
        ? [samples, channels, height, width]
        : [samples, height, width, channels];
      const array: ModelArray = { type: port.type, shape, data: asType(pixels, port.type, folder) };
      return { [port.name]: array };
    },
    atOnce: null,
    mask: null,
    images: { port, preprocessing, isChannelsFirst: layout.isChannelsFirst, decoded },
    assumed: [`images: ${formatCount(names.length)}, ${inWords(preprocessing)}, as ${from} says`],
    close: () => files.close(),
  };
};

interface ImageLayout {
  readonly isChannelsFirst: boolean;
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number;
}

/** Where the channels of an input are: the axis of 1 or 3. */
const imageLayout = ({ name, shape }: ModelPort, path: string): ImageLayout => {
  const isChannels = (extent: number | null | undefined) => extent === 1 || extent === 3;
  if (shape.length === 4 && (isChannels(shape[1]) || !isChannels(shape[3]))) {
    return { isChannelsFirst: true, channels: shape[1] ?? 3, height: shape[2], width: shape[3] };
  }
  if (shape.length === 4)
    return { isChannelsFirst: false, channels: shape[3]!, height: shape[1], width: shape[2] };
  throw inputFault(
    `takes ${shown(name)} with ${shape.length} axes, which is no image`,
    path,
    'Give it arrays by the names of its inputs: an .npz file',
  );
};

/** The splits and classes that folders name: both, one of them, or none. */
const foldersOf = (
  names: readonly string[],
): { readonly splits: readonly string[] | null; readonly classes: readonly string[] | null } => {
  const parts = names.map((name) => name.split('/').slice(0, -1));
  if (parts.some(({ length }) => length === 0)) return { splits: null, classes: null };
  const outer = parts.map(([first]) => first);
  const isSplit = outer.every((name) => SPLIT.test(name));
  if (!isSplit) return { splits: null, classes: outer };
  return {
    splits: outer,
    classes: parts.every(({ length }) => length > 1) ? parts.map(([, second]) => second) : null,
  };
};

const SPLIT = /^(?:train|training|val|valid|validation|dev|test|testing|eval)$/i;

const textColumn = (folder: string, values: readonly string[]): RecordedColumn => ({
  where: folder,
  read: async () => ({ kind: 'texts', values }),
});

const inWords = ({ resize, crop, mean, deviation, channels }: Preprocessing): string => {
  const first =
    resize === null ? '' : `resized to ${typeof resize === 'number' ? resize : resize.join(' x ')}, `;
  return `${first}cut to ${crop.join(' x ')}, ${channels}, mean ${mean.join(', ')}, deviation ${deviation.join(', ')}`;
};

const decodeAll = async (paths: readonly string[], preprocessing: Preprocessing): Promise<Uint8Array> => {
  const [height, width] = preprocessing.crop;
  const length = height * width * (preprocessing.channels === 'grey' ? 1 : 3);
  const pixels = new Uint8Array(paths.length * length);
  let next = 0;
  const failures: { readonly at: number; readonly error: unknown }[] = [];
  const drain = async (): Promise<void> => {
    while (failures.length === 0 && next < paths.length) {
      const at = next++;
      try {
        pixels.set(await decode(paths[at], preprocessing), at * length);
      } catch (error) {
        failures.push({ at, error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  // Which of them fails first is chance: the first in order is named.
  failures.sort((a, b) => a.at - b.at);
  if (failures.length > 0) throw failures[0].error;
  return pixels;
};

/** Resized and cut, with its channels interleaved. */
const decode = async (
  path: string,
  { resize, crop, kernel, channels }: Preprocessing,
): Promise<Uint8Array> => {
  const [height, width] = crop;
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(path)
      .removeAlpha()
      .toColourspace(channels === 'grey' ? 'b-w' : 'srgb');
    const { width: ownWidth = width, height: ownHeight = height } = await image.metadata();
    const [newHeight, newWidth] = resizedTo(resize ?? crop, ownHeight, ownWidth);
    const resized = image.resize(newWidth, newHeight, { fit: 'fill', kernel });
    const [top, bottom] = margins(newHeight, height);
    const [left, right] = margins(newWidth, width);
    const inside = { left: Math.max(left, 0), top: Math.max(top, 0) };
    const cut = resized
      .extract({ ...inside, width: Math.min(width, newWidth), height: Math.min(height, newHeight) })
      .extend({
        top: Math.max(-top, 0),
        bottom: Math.max(-bottom, 0),
        left: Math.max(-left, 0),
        right: Math.max(-right, 0),
        background: '#000',
      });
    return await cut.raw().toBuffer();
  } catch (error) {
    throw inputFault(
      `is not a readable image (${libraryReason(error)})`,
      path,
      'Replace or remove it',
      error,
    );
  }
};

/** What is cut off before and behind the middle; negative for what is added in black. */
const margins = (length: number, wanted: number): readonly [before: number, behind: number] => {
  const before = Math.round((length - wanted) / 2);
  return [before, length - wanted - before];
};

/** The shorter side of an image gets a length, or both sides get theirs. */
const resizedTo = (
  resize: NonNullable<Preprocessing['resize']>,
  height: number,
  width: number,
): readonly [height: number, width: number] => {
  if (typeof resize !== 'number') return resize;
  return height < width
    ? [resize, Math.floor((resize * width) / height)]
    : [Math.floor((resize * height) / width), resize];
};

/** (x * scale - mean) / deviation, with the axes of the model. */
const normalised = (
  bytes: Uint8Array,
  { crop: [height, width], channels, scale, mean, deviation }: Preprocessing,
  isChannelsFirst: boolean,
): Float32Array => {
  const count = mean.length;
  const size = height * width;
  const values = new Float32Array(bytes.length);
  for (let first = 0; first < bytes.length; first += size * count) {
    for (let pixel = 0; pixel < size; pixel++) {
      for (let channel = 0; channel < count; channel++) {
        const from = first + pixel * count + (channels === 'bgr' ? count - 1 - channel : channel);
        const value = (bytes[from] * scale - mean[channel]) / deviation[channel];
        values[first + (isChannelsFirst ? channel * size + pixel : pixel * count + channel)] = value;
      }
    }
  }
  return values;
};
