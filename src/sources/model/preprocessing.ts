import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { isNotThere, readFault } from '../../disk/index.ts';
import type { PreprocessSpec } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';

/** What an image goes through before the model: values are (x * scale - mean) / deviation for each channel. */
export interface Preprocessing {
  /** The shorter side, or both: what the image is resized to first. Null: it is resized to the crop. */
  readonly resize: number | readonly [height: number, width: number] | null;
  /** What is cut from the middle. */
  readonly crop: readonly [height: number, width: number];
  readonly kernel: 'nearest' | 'linear' | 'cubic' | 'lanczos3';
  readonly channels: 'rgb' | 'bgr' | 'grey';
  readonly scale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

type Preset = Omit<Preprocessing, 'crop' | 'channels'> & { readonly size: number };

/** What images were normalised with when models were trained on these data; the values are those of torchvision, open_clip and common recipes. */
const PRESETS: Readonly<Record<'imagenet' | 'clip' | 'cifar' | 'unit', Preset>> = {
  imagenet: {
    resize: 256,
    size: 224,
    kernel: 'linear',
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  },
  clip: {
    resize: 224,
    size: 224,
    kernel: 'cubic',
    scale: 1 / 255,
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  },
  cifar: {
    resize: 32,
    size: 32,
    kernel: 'linear',
    scale: 1 / 255,
    mean: [0.4914, 0.4822, 0.4465],
    deviation: [0.247, 0.2435, 0.2616],
  },
  unit: { resize: null, size: 224, kernel: 'linear', scale: 1 / 255, mean: [0], deviation: [1] },
};

/** What the input of the model says: extents that are fixed, and how many channels there are. */
export interface ImageExtents {
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number;
}

/** How images are prepared, and where that comes from. */
export interface FoundPreprocessing {
  readonly preprocessing: Preprocessing;
  readonly from: string;
}

/**
 * The preprocessing that is asked for, else that of a `preprocessor_config.json` beside the model, else that of ImageNet for a
 * model of colour images and plain scaling to [0, 1] for another.
 */
export const preprocessingFor = async (
  asked: PreprocessSpec | undefined,
  model: string,
  extents: ImageExtents,
): Promise<FoundPreprocessing> => {
  const config =
    asked?.config ?? (asked === undefined ? join(dirname(model), 'preprocessor_config.json') : undefined);
  const found = config === undefined ? null : await fromConfig(config, asked?.config !== undefined);
  const preset = asked?.preset ?? (extents.channels === 3 ? 'imagenet' : 'unit');
  const base = found ?? PRESETS[preset];
  const { height, width, channels } = extents;
  const size = asked?.size ?? [height ?? base.size, width ?? base.size];
  const crop = typeof size === 'number' ? ([size, size] as const) : ([size[0], size[1]] as const);
  const order = asked?.channels ?? (channels === 1 ? 'grey' : 'rgb');
  const count = order === 'grey' ? 1 : 3;
  const perChannel = (values: readonly number[]): readonly number[] =>
    values.length === count ? values : new Array<number>(count).fill(values[0]);
  const isSquare = crop[0] === crop[1];
  // The resize of a preset is for its own size: another size keeps the proportion, and what is no square is not cut from one.
  const scaled =
    typeof base.resize !== 'number'
      ? base.resize
      : isSquare
        ? Math.round((base.resize * crop[0]) / base.size)
        : null;
  return {
    preprocessing: {
      resize: asked?.resize ?? scaled,
      crop,
      kernel: base.kernel,
      channels: order,
      scale: asked?.scale ?? base.scale,
      mean: perChannel(asked?.mean ?? base.mean),
      deviation: perChannel(asked?.deviation ?? base.deviation),
    },
    from: found === null ? `the preset ${preset}` : config!,
  };
};

const extent = z.int().positive().max(8192);
const sizes = z.union([
  extent,
  z.object({ height: extent, width: extent }),
  z.object({ shortest_edge: extent }),
]);
/** As image processors of transformers and timm save it. */
const configSchema = z.object({
  do_resize: z.boolean().default(true),
  size: sizes.optional(),
  do_center_crop: z.boolean().default(false),
  crop_size: sizes.optional(),
  resample: z.int().optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: z.array(z.number()).optional(),
  image_std: z.array(z.number().positive()).optional(),
});

/** Numbers of PIL. */
const KERNELS: Readonly<Record<number, Preprocessing['kernel']>> = {
  0: 'nearest',
  1: 'lanczos3',
  2: 'linear',
  3: 'cubic',
};

const fromConfig = async (path: string, isAsked: boolean): Promise<Preset | null> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!isAsked && isNotThere(error)) return null;
    throw readFault(path, error);
  }
  const remedy = 'Correct it, or set "preprocess" of the data';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputFault('is not valid JSON', path, remedy, error);
  }
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw inputFault(`${message} at ${place.join('.')}`, path, remedy);
  }
  const config = parsed.data;
  const { size, crop_size: cropSize } = config;
  const resize = !config.do_resize || size === undefined ? null : resizeOf(size);
  const cropped = config.do_center_crop ? (cropSize ?? size) : size;
  return {
    resize,
    size: cropped === undefined ? 224 : smaller(cropped),
    kernel: KERNELS[config.resample ?? 2] ?? 'linear',
    scale: config.do_rescale ? config.rescale_factor : 1,
    mean: config.do_normalize ? (config.image_mean ?? [0.5]) : [0],
    deviation: config.do_normalize ? (config.image_std ?? [0.5]) : [1],
  };
};

type Sizes = z.output<typeof sizes>;

const resizeOf = (size: Sizes): Preprocessing['resize'] => {
  if (typeof size === 'number') return [size, size];
  return 'height' in size ? [size.height, size.width] : size.shortest_edge;
};

const smaller = (size: Sizes): number => {
  if (typeof size === 'number') return size;
  return 'height' in size ? Math.min(size.height, size.width) : size.shortest_edge;
};
