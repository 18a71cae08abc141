import { InvalidArgumentError, Option } from 'commander';
import { BACKENDS, type BackendChoice, CRITERIA, type Criterion } from '../protocol/index.ts';

/** Options that several commands share, with their checks. */

export interface Common {
  readonly json?: boolean;
}

export interface Computing extends Common {
  readonly backend: BackendChoice;
  readonly threads?: number;
}

const natural = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Give a whole number.');
  return value;
};

const positive = (text: string): number => {
  const value = natural(text);
  if (value === 0) throw new InvalidArgumentError('Give a positive number.');
  return value;
};

const notNegative = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('Give a number of at least 0.');
  }
  return value;
};

/** Points of accuracy as a share. */
const points = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError('Give a number of points from 0 to 100.');
  }
  return value / 100;
};

/** `0.3,0.6,1` as numbers. */
const numberList = (text: string): number[] =>
  text.split(',').map((entry) => {
    const value = Number(entry);
    if (entry.trim() === '' || !Number.isFinite(value)) {
      throw new InvalidArgumentError(`'${entry}' is not a number; give numbers separated by commas.`);
    }
    return value;
  });

export const jsonOption = () => new Option('--json', 'print one JSON document instead of text');
export const backendOption = () =>
  new Option('--backend <name>', 'backend to compute with')
    .choices(BACKENDS)
    .default('auto' satisfies BackendChoice);
export const threadsOption = () =>
  new Option('--threads <count>', 'threads of the native backend (default: all cores)').argParser(positive);
export const criterionOption = () =>
  new Option('--criterion <name>', 'what the recommended layer has the highest of')
    .choices(CRITERIA)
    .default('accuracy' satisfies Criterion);
export const withinOption = () =>
  new Option(
    '--within <points>',
    'recommend the earliest layer that with 95 % confidence loses at most this many points',
  ).argParser(points);
export const seedOption = () =>
  new Option('--seed <number>', 'seed to use instead of that of the experiment').argParser(natural);
export const stateOption = () =>
  new Option('--checkpoint, --state <name>', 'saved state of the run to use').default('last');
export const inspectEveryOption = () =>
  new Option(
    '--inspect-every <epochs>',
    'also inspect after the first epoch, and then after every this many epochs (0: never)',
  )
    .argParser(natural)
    .default(0);
export const reportFormatOption = () =>
  new Option('--format <format>', 'a page of figures, or a table of accuracies by layer and task')
    .choices(['html', 'latex', 'markdown', 'csv'])
    .default('html');
export const layersOption = () =>
  new Option('--layers <count>', 'number of layers').argParser(positive).makeOptionMandatory();
export const listOption = (flags: string, description: string) =>
  optionalListOption(flags, description).makeOptionMandatory();
export const optionalListOption = (flags: string, description: string) =>
  new Option(flags, description).argParser(numberList);
export const weightDecayOption = () =>
  new Option('--weight-decay <number>', 'weight decay of the training').argParser(notNegative).default(0);

const globs = (text: string): string[] => {
  const patterns = text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  if (patterns.length === 0) throw new InvalidArgumentError('Give a name, or a pattern with * and ?.');
  return patterns;
};
export const globOption = () =>
  new Option('--layers <patterns>', 'names of layers, separated by commas; * and ? are wildcards').argParser(
    globs,
  );
export const convolutionOption = () =>
  new Option(
    '--conv <view>',
    'kernels as one matrix, outputs x (inputs * positions), or as one matrix per position',
  )
    .choices(['reshape', 'slices'])
    .default('reshape');
