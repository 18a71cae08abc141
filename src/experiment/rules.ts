import { shown } from '../protocol/index.ts';
import { AUGMENTATION_DATA, FACTORS, SHIFT_KEY, SHIFT_KEYS } from './dataKinds.ts';
import { type Problem, suggest } from './problem.ts';
import type { Experiment } from './schema.ts';
import { validationSamples, withValidation } from './validation.ts';

type Rule = (experiment: Experiment) => Problem[];

/**
 * The rules across fields, on a file that has passed its schema. They decide which encoder, head, loss, data and
 * augmentation can be combined, so that other code can rely on it.
 */
export const ruleProblems: Rule = (experiment) => RULES.flatMap((rule) => rule(experiment));

const problem = (path: Problem['path'], what: string, remedy: string): Problem => ({ path, what, remedy });

const when = (condition: boolean, ...parts: Parameters<typeof problem>): Problem[] =>
  condition ? [problem(...parts)] : [];

const isPopulation = ({ data }: Experiment): boolean =>
  data.kind === 'synthetic' && data.sampling === 'population';

/** Exact moments exist for the spectral loss of a linear network, and by enumeration for a diagonal one. */
const population: Rule = (experiment) => {
  const { encoder, head, loss, augmentation } = experiment;
  if (!isPopulation(experiment)) {
    return when(
      experiment.stepsPerEpoch !== undefined,
      ['stepsPerEpoch'],
      'stepsPerEpoch is for population data only',
      'Remove it; the number of samples and batchSize give the steps',
    );
  }
  const heads = {
    linear: ['none', 'linear', 'reweighting'],
    diagonal: ['none', 'symmetric-relu', 'reweighting'],
  } as const;
  const allowed: readonly string[] =
    encoder.kind === 'linear' || encoder.kind === 'diagonal' ? heads[encoder.kind] : [];
  return [
    ...when(
      loss.kind !== 'spectral',
      ['loss', 'kind'],
      `population data has no samples for the ${loss.kind} loss`,
      'Use the spectral loss, or "sampling": "sampled"',
    ),
    ...when(
      allowed.length === 0,
      ['encoder', 'kind'],
      `the moments of population data do not determine the encoder kind ${encoder.kind}`,
      'Use a linear or diagonal encoder, or "sampling": "sampled"',
    ),
    ...when(
      allowed.length > 0 && !allowed.includes(head.kind),
      ['head', 'kind'],
      `population data does not combine the encoder kind ${encoder.kind} with the head kind ${head.kind}`,
      `Use one of ${allowed.join(', ')}, or "sampling": "sampled"`,
    ),
    ...when(
      encoder.kind === 'diagonal' && head.kind === 'symmetric-relu' && head.weights === 'full',
      ['head', 'weights'],
      'population data keeps the features apart, and full head weights mix them',
      'Use "diagonal", or "sampling": "sampled"',
    ),
    ...when(
      experiment.downstream.length > 0,
      ['downstream'],
      'population data has no samples to probe',
      'Remove the downstream tasks, or use "sampling": "sampled"',
    ),
    ...augmentation.flatMap(({ kind }, index) =>
      when(
        kind === 'gaussian-noise',
        ['augmentation', index, 'kind'],
        'gaussian-noise needs samples, and population data has none',
        'Use additive',
      ),
    ),
  ];
};

/** The expectations of a thresholded network over population data are sums over the atoms of each coordinate. */
const populationAtoms: Rule = (experiment) => {
  const { data, encoder, augmentation } = experiment;
  if (!isPopulation(experiment) || data.kind !== 'synthetic' || encoder.kind !== 'diagonal') return [];
  const remedy = 'Use "rademacher", or "sampling": "sampled"';
  return [
    ...when(
      data.factors === 'gaussian',
      ['data', 'factors'],
      'a diagonal encoder on population data needs factors of finitely many values',
      remedy,
    ),
    ...augmentation.flatMap((step, index) =>
      when(
        step.kind === 'additive' && step.noise === 'gaussian',
        ['augmentation', index, 'noise'],
        'a diagonal encoder on population data needs noise of finitely many values',
        remedy,
      ),
    ),
  ];
};

const encoders: Rule = ({ data, encoder, head }) => [
  ...when(
    encoder.kind === 'diagonal' && data.kind !== 'synthetic' && data.kind !== 'npz',
    ['encoder', 'kind'],
    `a diagonal encoder works on vectors, and ${data.kind} holds images`,
    'Use cnn, resnet18-cifar, mlp or linear',
  ),
  ...when(
    encoder.kind === 'diagonal' && data.kind === 'synthetic' && data.directions === 'random',
    ['data', 'directions'],
    'a diagonal encoder sees each feature on its own axis, and random directions mix them',
    'Use "identity"',
  ),
  ...when(
    (encoder.kind === 'cnn' || encoder.kind === 'resnet18-cifar') && data.kind === 'synthetic',
    ['encoder', 'kind'],
    `a ${encoder.kind} encoder works on images, and synthetic data holds vectors`,
    'Use linear, diagonal or mlp',
  ),
  ...when(
    head.kind === 'symmetric-relu' && head.weights === 'diagonal' && encoder.kind !== 'diagonal',
    ['head', 'weights'],
    `diagonal head weights need a diagonal encoder, not ${encoder.kind}`,
    'Use "full", or a diagonal encoder',
  ),
];

/**
 * With images and files, two views without augmentation are identical and teach nothing; noiseless synthetic
 * features do.
 */
const views: Rule = ({ data, loss, augmentation, batchSize }) => {
  const contrastive = loss.kind === 'spectral' || loss.kind === 'nt-xent';
  const twoViews = contrastive || (loss.kind === 'supervised-contrastive' && loss.views === 2);
  return [
    ...when(
      twoViews && augmentation.length === 0 && data.kind !== 'synthetic',
      ['augmentation'],
      `without augmentation the two views of the ${loss.kind} loss are the same`,
      contrastive ? 'Add an augmentation' : 'Add an augmentation, or set "views": 1 in the loss',
    ),
    ...when(
      batchSize < 2 && loss.kind !== 'cross-entropy' && loss.kind !== 'mean-squared-error',
      ['batchSize'],
      `batchSize is ${batchSize}, and the ${loss.kind} loss compares samples`,
      'Use at least 2',
    ),
  ];
};

const augmentations: Rule = ({ data, augmentation }) =>
  augmentation.flatMap((step, index) => {
    const at = ['augmentation', index];
    const kinds = AUGMENTATION_DATA[step.kind];
    if (!kinds.includes(data.kind)) {
      const remedy = `Remove it, or use other data (it works on ${kinds.join(', ')})`;
      return [problem([...at, 'kind'], `${step.kind} does not work on ${data.kind} data`, remedy)];
    }
    const ordered = (key: string, [low, high]: readonly [number, number]) =>
      when(
        low > high,
        [...at, key],
        `${key} runs from ${low} down to ${high}`,
        'Put the smaller value first',
      );
    const perFeature = (key: string, option: number | readonly number[]) => {
      const features = data.kind === 'synthetic' ? data.strengths.length : 0;
      if (typeof option === 'number' || option.length === features) return [];
      const what = `${key} has ${option.length} values for ${features} features`;
      return [problem([...at, key], what, 'Give one value, or one for each of data.strengths')];
    };
    if (step.kind === 'additive') return perFeature('sigma', step.sigma);
    if (step.kind === 'drop' || step.kind === 'resample') return perFeature('probability', step.probability);
    if (step.kind === 'gaussian-blur') return ordered('sigma', step.sigma);
    if (step.kind !== 'random-resized-crop') return [];
    return [
      ...ordered('scale', step.scale),
      ...ordered('ratio', step.ratio),
      ...when(step.scale[1] > 1, [...at, 'scale', 1], 'a crop is at most the whole image', 'Use at most 1'),
    ];
  });

const batches: Rule = (experiment) => {
  const { data, batchSize } = experiment;
  if (isPopulation(experiment) || !('train' in data) || typeof data.train !== 'number') return [];
  const trained = data.train - validationSamples(withValidation(experiment), data.train);
  return when(
    batchSize > trained,
    ['batchSize'],
    `a batch of ${batchSize} is larger than the ${trained} training samples`,
    `Use at most ${trained}`,
  );
};

const factors: Rule = ({ data, loss, downstream, groups }) => {
  const known = FACTORS[data.kind];
  const check = (path: Problem['path'], name: string) =>
    when(
      known !== undefined && !known.includes(name),
      path,
      `${data.kind} has no factor ${shown(name)}`,
      suggest(name, known ?? [], 'factors'),
    );
  const checkGroups = (path: Problem['path'], names: readonly string[]) => [
    ...names.flatMap((name, index) => check([...path, index], name)),
    ...repeated(names, (index) => [...path, index], 'factor'),
  ];
  return [
    ...('label' in loss ? check(['loss', 'label'], loss.label) : []),
    ...checkGroups(['groups'], groups ?? []),
    // Of data of its own, the files know.
    ...downstream.flatMap((task, index) =>
      task.data !== undefined
        ? []
        : [
            ...check(['downstream', index, 'factor'], task.factor),
            ...checkGroups(['downstream', index, 'groups'], task.groups ?? []),
            ...(task.together === undefined ? [] : check(['downstream', index, 'together'], task.together)),
          ],
    ),
  ];
};

const balance: Rule = ({ downstream, groups }) =>
  downstream.flatMap((task, index) =>
    when(
      task.balance === 'groups' && task.groups === undefined && groups === undefined,
      ['downstream', index, 'balance'],
      'there are no groups to balance',
      'Give the task "groups", or balance "classes"',
    ),
  );

/** Where a task takes its labelled samples from. */
const taskData: Rule = ({ downstream, shifts }) => {
  const known = ['test', ...shifts.map(({ name }) => name)];
  return downstream.flatMap(({ data, split }, index) => [
    ...when(
      data !== undefined && split !== undefined,
      ['downstream', index, 'split'],
      'a task has either data or a split of its own',
      'Remove one of them',
    ),
    ...when(
      split !== undefined && !known.includes(split),
      ['downstream', index, 'split'],
      `there is no split ${shown(split ?? '')} to take samples from`,
      suggest(split ?? '', known, 'splits'),
    ),
  ]);
};

const names: Rule = ({ downstream, shifts, layers }) => [
  ...repeated(
    downstream.map(({ name }) => name),
    (index) => ['downstream', index, 'name'],
    'task',
  ),
  ...repeated(
    ['train', 'validation', 'test', ...shifts.map(({ name }) => name)],
    (index) => ['shifts', index - 3, 'name'],
    'split or shift',
  ),
  ...(layers === 'all' ? [] : repeated(layers, (index) => ['layers', index], 'layer')),
];

const repeated = (
  list: readonly string[],
  path: (index: number) => Problem['path'],
  noun: string,
): Problem[] => {
  const seen = new Set<string>();
  return list.flatMap((name, index) => {
    const isKnown = seen.has(name);
    seen.add(name);
    return when(isKnown, path(index), `there is another ${noun} ${shown(name)}`, 'Give it another name');
  });
};

const shifts: Rule = ({ data, shifts }) => {
  const needed = data.kind in SHIFT_KEY ? SHIFT_KEY[data.kind as keyof typeof SHIFT_KEY] : undefined;
  if (needed === undefined) {
    return when(shifts.length > 0, ['shifts'], `${data.kind} data has no shifts`, 'Remove the shifts');
  }
  return shifts.flatMap((shift, index) => [
    ...when(
      shift[needed] === undefined,
      ['shifts', index],
      `the shift ${shown(shift.name)} changes nothing of ${data.kind} data`,
      `Add "${needed}"`,
    ),
    ...SHIFT_KEYS.filter((key) => key !== needed && shift[key] !== undefined).map((key) =>
      problem(['shifts', index, key], `"${key}" does not apply to ${data.kind} data`, `Use "${needed}"`),
    ),
  ]);
};

const schedule: Rule = ({ schedule, epochs }) => [
  ...when(
    schedule.warmupEpochs > epochs,
    ['schedule', 'warmupEpochs'],
    `the warm-up of ${schedule.warmupEpochs} epochs is longer than the training of ${epochs}`,
    `Use at most ${epochs}`,
  ),
  ...when(
    schedule.kind === 'step' && schedule.milestones.some((value, i, all) => i > 0 && value <= all[i - 1]),
    ['schedule', 'milestones'],
    'the milestones do not rise',
    'List the epochs in ascending order, each once',
  ),
];

const RULES: readonly Rule[] = [
  population,
  populationAtoms,
  encoders,
  views,
  augmentations,
  batches,
  factors,
  balance,
  names,
  taskData,
  shifts,
  schedule,
];
