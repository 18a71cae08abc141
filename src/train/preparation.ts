import { channelStatistics, type Data, type DataSet, loadData } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { buildModel, type Loss, lossOf, type Model } from '../model/index.ts';
import { inputFault } from '../protocol/index.ts';

/** What an experiment file describes, before anything is trained. */
export interface Preparation {
  readonly experiment: Experiment;
  readonly data: Data;
  readonly loss: Loss;
  readonly model: Model;
}

/** Classes of the training label; 0 for a loss without labels. */
function classesOf(train: DataSet, label: string | null): number {
  if (label === null) return 0;
  const categorical = train.factors.filter((factor) => factor.kind === 'categorical');
  const factor = categorical.find(({ name }) => name === label);
  if (factor !== undefined) return factor.classes.length;
  const known = categorical.map(({ name }) => name);
  const remedy =
    known.length === 0
      ? 'This data has no labels: use spectral or nt-xent'
      : `Use one of: ${known.join(', ')}`;
  throw inputFault(`the data has no categorical factor '${label}'`, '/loss/label', remedy);
}

function checkLayerNames(experiment: Experiment, model: Model): void {
  if (experiment.layers === 'all') return;
  const known = model.layers.map(({ name }) => name);
  experiment.layers.forEach((name, index) => {
    if (known.includes(name)) return;
    throw inputFault(
      `the model has no layer '${name}'`,
      `/layers/${index}`,
      `Use "all" or some of: ${known.join(', ')}`,
    );
  });
}

/** Loads the data and builds the model with its initial weights; relative paths are resolved against `baseDirectory`. */
export async function prepare(experiment: Experiment, baseDirectory: string): Promise<Preparation> {
  const data = await loadData(experiment, baseDirectory);
  const loss = lossOf(experiment.loss);
  const isImage = data.shape.length === 3;
  const model = buildModel(experiment, {
    sampleShape: [...data.shape],
    classes: classesOf(data.train, loss.label),
    seed: experiment.seed,
    normalisation: isImage ? channelStatistics(data.train) : null,
  });
  checkLayerNames(experiment, model);
  return { experiment, data, loss, model };
}
