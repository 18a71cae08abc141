import { type Data, type DataSet, repeatedSamples, subset } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import { lossOf, populationInputs, populationKind } from '../../model/index.ts';
import type { Backend, TensorData } from '../../runtime/index.ts';
import { float32 } from '../../runtime/index.ts';
import { matrixOf } from '../../spectrum/index.ts';
import type { Preparation } from '../../train/index.ts';
import type { Classifier, ExactMoments, Source, SourceLayer, SourceReader } from '../source.ts';
import { readViews } from './augmentedViews.ts';
import { expectedWeights } from './expectedWeights.ts';
import { openModelReader, readInputs } from './modelReader.ts';
import { tapLayers } from './tapLayers.ts';

/** A moment of a training. */
export interface TrainedState {
  /** Every variable of the model, by name. */
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly epoch: number;
  readonly step: number;
}

export type Trained = Pick<Preparation, 'experiment' | 'data' | 'model'>;

/**
 * A state of a run as a source, with the layers and the pooling that its experiment asks for.
 * @throws Fault (input) for a layer that the model does not have.
 */
export const runSource = (trained: Trained, state: TrainedState, backend: Backend): Source => {
  const { experiment, data, model } = trained;
  const { loss, head } = experiment;
  const layersOf = (layers: Experiment['layers']): SourceLayer[] =>
    tapLayers(model.layers, { ...experiment, layers });
  return {
    name: experiment.name,
    seed: experiment.seed,
    epoch: state.epoch,
    step: state.step,
    stamp: null,
    isReadApart: false,
    sampled: null,
    examine: async () => ({ hash: data.hash, leftOut: new Map() }),
    layers: layersOf(experiment.layers),
    input: layersOf([model.layers[0].name])[0],
    splits: data,
    factorSource: experiment.data.kind === 'synthetic' ? 'coordinate' : 'factor',
    trainingLabel: 'label' in loss ? loss.label : null,
    isRescaled: head.kind === 'reweighting',
    exact: data.population === null ? null : exactMoments(experiment, data.population),
    expected: expectedWeights(experiment, data),
    classifierOf: (layer) => classifierOf(trained, state, layer),
    repeated: async (of, another) => repeatedSamples(of as DataSet, another as DataSet),
    open: (layers) => openReader(trained, state.variables, backend, layers),
    openUntrained: (layers) => openReader(trained, initialVariables(trained), backend, layers),
    isUntrainedCheap: isUntrainedCheap(trained),
  };
};

/** Test samples used during training: spectra of some hundred dimensions are stable with this many. */
const SAMPLES = 1000;

/**
 * A state while the training runs, for the questions that are answered then: spectra, feature weights and similarity above
 * the input, on part of the test split, without views.
 */
export const passingSource = (trained: Trained, state: TrainedState, backend: Backend): Source => {
  const { experiment, data, model } = trained;
  const light = { ...experiment, shifts: [], augmentation: [] };
  const test = subset(data.test, SAMPLES, experiment.seed);
  const source = runSource(
    { experiment: light, data: { ...data, test, shifts: [], taskData: new Map() }, model },
    state,
    backend,
  );
  return {
    ...source,
    layers: source.layers.filter(({ part }) => part !== 'input'),
    // Theory describes the training, including the augmentation that was left out here.
    expected: expectedWeights(experiment, data),
  };
};

/** The parameters that the run's seed gives before training. */
const initialVariables = ({ model }: Trained): Record<string, TensorData> =>
  Object.fromEntries(model.variables.map(({ name, shape, initial }) => [name, float32(shape, initial)]));

const openReader = async (
  { experiment, data, model }: Trained,
  variables: TrainedState['variables'],
  backend: Backend,
  layers: readonly SourceLayer[],
): Promise<SourceReader> => {
  const read = { model, variables, sampleShape: data.shape, pooling: experiment.pooling };
  const reader = await openModelReader(backend, read, layers);
  return {
    chunk: reader.chunk,
    read: (set, from, to) => reader.read((set as DataSet).read(from, to), set.name),
    views: (sizes, signal) => readViews(experiment, data.test, reader, sizes, signal),
    readInputs: (x) => readInputs(reader, x, 'population'),
    dispose: () => reader.dispose(),
  };
};

/**
 * @throws Fault (input) for a model through which moments cannot be propagated: neither linear nor diagonal on the
 * axes.
 */
const exactMoments = (experiment: Experiment, population: NonNullable<Data['population']>): ExactMoments => {
  const kind = populationKind(experiment);
  const atoms = kind === 'diagonal' ? populationInputs(population, 'diagonal') : null;
  return { population, kind, atoms: atoms && { first: atoms.first, second: atoms.second } };
};

/** Of a loss with a classifier, whose layer below it reads. */
const classifierOf = ({ model }: Trained, { variables }: TrainedState, layer: string): Classifier | null => {
  const below = model.layers[model.layers.findIndex(({ part }) => part === 'classifier') - 1];
  const weight = variables['classifier.weight'];
  if (below?.name !== layer || weight === undefined) return null;
  const [classes, width] = weight.shape;
  return {
    weights: matrixOf(classes, width, weight.data),
    bias: Float64Array.from(variables['classifier.bias']?.data ?? new Float64Array(classes)),
  };
};

/** A step passes its samples forward once and, at twice that, backward. */
const PASSES_PER_STEP = 3;

/** The share of the training that an untrained encoder may cost. */
const CHEAP = 0.1;

/** Whether reading an untrained encoder takes less than a tenth of the passes that the training took. */
const isUntrainedCheap = ({ experiment, data }: Trained): boolean => {
  const { train, validation, test, shifts } = data;
  const read = [train, test, ...shifts].reduce((sum, { size }) => sum + size, validation?.size ?? 0);
  const { epochs, loss } = experiment;
  return read < CHEAP * PASSES_PER_STEP * epochs * lossOf(loss).views * train.size;
};
