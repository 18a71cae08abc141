import { formatCount, regressionLike } from '../../protocol/index.ts';
import type { PaperRun, PaperTable } from './paperTable.ts';

/** What an experiment names that a paper has to say. */
interface Named {
  readonly kind?: unknown;
}

const kindOf = (part: unknown): string => String((part as Named | undefined)?.kind ?? 'unknown');

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;

const fewShot = (samples: string): string =>
  `the nearest class mean of ${samples} of each class on standardised columns, over 20 draws`;

const PROBES: Readonly<Record<PaperTable['method'], string>> = {
  'logistic-standardised':
    'multinomial logistic regression with L2 penalty on columns standardised with the training mean and deviation',
  'logistic-raw': 'multinomial logistic regression with L2 penalty on centred columns',
  'logistic-normalised':
    'multinomial logistic regression with L2 penalty on rows divided by their length, then centred',
  mlp: 'a perceptron with one hidden layer of 64 ReLU units and L2 penalty on columns standardised with the training mean and deviation',
  knn: 'a vote of the 20 nearest training samples by cosine similarity',
  'few-shot-1': fewShot('1 labelled sample'),
  'few-shot-5': fewShot('5 labelled samples'),
  'few-shot-20': fewShot('20 labelled samples'),
  'ridge-standardised': 'ridge regression on columns standardised with the training mean and deviation',
  'ridge-raw': 'ridge regression on centred columns',
};

/** A paragraph on how the numbers of a table came about, from the documents of its runs. */
export const methodsParagraph = (runs: readonly PaperRun[], table: PaperTable): string =>
  [trained(runs), probed(runs, table), reported(table), made(runs)].join(' ');

const trained = ([{ record, analysis }, ...others]: readonly PaperRun[]): string => {
  const { encoder, head, loss, augmentation, optimiser, batchSize } = record.experiment;
  const views = (augmentation as readonly unknown[] | undefined) ?? [];
  const seeds = [record, ...others.map((run) => run.record)].map(({ seed }) => String(seed));
  return [
    `An encoder of kind ${kindOf(encoder)} with a head of kind ${kindOf(head)} (${formatCount(record.parameters)} parameters) was trained for ${formatCount(analysis.epoch)} epochs`,
    `with the ${kindOf(loss)} loss, ${kindOf(optimiser)} and batches of ${String(batchSize)} samples`,
    ...(views.length === 0 ? [] : [`under ${listed(views.map(kindOf))}`]),
    `on ${formatCount(analysis.samples.train)} samples (seed${seeds.length === 1 ? '' : 's'} ${listed(seeds)}).`,
  ].join(' ');
};

const probed = ([{ analysis }]: readonly PaperRun[], { method, columns }: PaperTable): string => {
  const probe = analysis.layers.at(-1)?.probes.find((each) => each.method === method);
  const maps = analysis.layers.find(({ pooling }) => pooling !== 'none');
  const grid = gridOf(method);
  const c = grid === null ? '' : `, its C chosen from ${grid}`;
  const by =
    grid === null || probe?.outOfFold == null
      ? ''
      : probe.outOfFold.folds > 0
        ? ` by accuracy out of ${probe.outOfFold.folds} stratified folds`
        : ' by accuracy on validation samples held out of training';
  const kinds = [
    ...(columns.some(({ quantity }) => quantity === 'accuracy') ? [`${PROBES[method]}${c}${by}`] : []),
    ...(columns.some(({ quantity }) => quantity === 'R²')
      ? [`for continuous factors ${PROBES[regressionLike(method)]}, ${ALPHA}`]
      : []),
  ];
  return `Representations were read in evaluation mode${maps === undefined ? '' : `, maps as their ${maps.pooling}`}, and probed with ${kinds.join('; ')}.`;
};

const ALPHA =
  'its alpha chosen from 0.0001, 0.001, 0.01, 0.1 and 1 times the samples and the mean variance of the columns by squared error out of 5 random folds';

/** What the penalty of a probe is chosen from; null for one without a penalty. */
const gridOf = (method: PaperTable['method']): string | null => {
  if (method === 'mlp') return '0.01, 0.1 and 1';
  return method.startsWith('logistic')
    ? '0.001, 0.01, 0.1 and 1 over the mean variance of the columns'
    : null;
};

const reported = ({ seeds, columns }: PaperTable): string => {
  const kinds = [
    ...(columns.some(({ quantity }) => quantity === 'accuracy') ? ['accuracies'] : []),
    ...(columns.some(({ quantity }) => quantity === 'R²') ? ['R²'] : []),
  ];
  const scores = listed(kinds).replace(/^a/, 'A');
  const intervals = kinds.map((kind) =>
    kind === 'R²' ? 'jackknife intervals of R²' : 'Wilson score intervals of accuracies',
  );
  if (seeds.length > 1) {
    return `${scores} are means over ${seeds.length} seeds on the test split, with 95 % intervals of the mean (Student's t).`;
  }
  return kinds.includes('R²')
    ? `${scores} are those on the test split, with 95 % ${listed(intervals)}.`
    : 'Accuracies are those on the test split, with 95 % Wilson score intervals.';
};

/** Names of what a run's record has versions of, where its key is another. */
const SOFTWARE: Readonly<Record<string, string>> = { pentimento: 'Pentimento', node: 'Node.js' };

const made = ([{ record }]: readonly PaperRun[]): string => {
  const { platform, processor, commit, ...others } = record.versions;
  const software = Object.entries(others).map(([name, version]) => `${SOFTWARE[name] ?? name} ${version}`);
  const machine = [platform, ...(processor === undefined ? [] : [`(${processor})`])];
  const on = platform === undefined ? '' : ` on ${machine.join(' ')}`;
  return `Made with ${listed(software)}${on}, ${record.backend.kind} backend; data hash ${record.dataHash.slice(0, 12)}${commit === undefined ? '' : `, experiment at commit ${commit.slice(0, 12)}`}${record.command === undefined ? '' : `, by ${record.command}`}.`;
};
