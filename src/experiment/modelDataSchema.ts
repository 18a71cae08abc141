import * as z from 'zod';
import { count, path, positive } from './values.ts';

const perChannel = (what: string) => z.array(z.number()).min(1).max(3).optional().describe(what);

/** How images become the input of a model. What is left out is that of the configuration or preset. */
export const preprocessSchema = z.strictObject({
  preset: z
    .enum(['imagenet', 'clip', 'cifar', 'unit'])
    .optional()
    .describe('What images are resized to and normalised with. Default: imagenet, and unit for grey images.'),
  config: path
    .optional()
    .describe('A preprocessor_config.json. Default: the one beside the model, if there is one.'),
  resize: z
    .union([count, z.tuple([count, count])])
    .optional()
    .describe('The length of the shorter side, or [height, width], before the middle is cut out.'),
  size: z
    .union([count, z.tuple([count, count])])
    .optional()
    .describe(
      'What is cut from the middle: the side of a square, or [height, width]. Default: what the model takes.',
    ),
  channels: z.enum(['rgb', 'bgr', 'grey']).optional().describe('Order of the channels.'),
  scale: positive.optional().describe('What bytes are multiplied with first. Default: 1 / 255.'),
  mean: perChannel('What is subtracted, for each channel.'),
  deviation: perChannel('What is divided by, for each channel.'),
});
export type PreprocessSpec = z.output<typeof preprocessSchema>;

/** What a model is run on. */
export const modelDataSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('images'),
      path: path.meta({
        description: 'A folder of images: split/class/image, class/image, or images alone.',
        examples: ['images'],
      }),
      preprocess: preprocessSchema
        .optional()
        .describe('How images become the input of the model. See docs/models.md for what is left out.'),
    })
    .describe('Images of any common format; folders are their classes, or splits of them.'),
  z
    .strictObject({
      kind: z.literal('arrays'),
      path: path.meta({
        description: 'A file of arrays with the samples first: .npz, .safetensors, .h5, .parquet.',
        examples: ['inputs.npz'],
      }),
      inputs: z
        .record(z.string().min(1), z.string().min(1))
        .default({})
        .describe('The array of each input of the model, where names differ.'),
    })
    .describe('Arrays by the names of the inputs; others with one value for each sample are labels.'),
  z
    .strictObject({
      kind: z.literal('text'),
      path: path.meta({
        description: 'A table with a column of texts: .csv, .tsv, .jsonl, .parquet or .arrow.',
        examples: ['reviews.csv'],
      }),
      text: z
        .string()
        .min(1)
        .optional()
        .describe('The column of the texts. Default: one called text, sentence, content or the like.'),
      tokenizer: path
        .optional()
        .describe('A tokenizer.json of Hugging Face. Default: the one beside the model.'),
      maxTokens: count
        .default(512)
        .describe(
          'Longer texts are cut off at their end. A model with a fixed number of tokens has that one.',
        ),
    })
    .describe(
      'Texts, which a tokenizer makes tokens of; other columns are labels, and one called split is the split.',
    ),
]);
export type ModelDataSpec = z.output<typeof modelDataSchema>;
