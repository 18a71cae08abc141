import type { AugmentationSpec, DataSpec, Experiment } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { checkImages } from './checkImages.ts';
import { contentHash } from './contentHash.ts';
import type { Data, DataSet } from './dataSet.ts';
import { categoricalFactor } from './factors.ts';
import { holdOut } from './holdOut.ts';
import { loadCifar } from './kinds/cifar.ts';
import { loadDigitsOnClothes } from './kinds/digitsOnClothes.ts';
import { loadIdx } from './kinds/idx.ts';
import { loadImageFolder } from './kinds/imageFolder.ts';
import { loadNpz } from './kinds/npz.ts';
import type { Splits } from './kinds/splits.ts';
import { loadSynthetic } from './kinds/synthetic.ts';
import type { StoredDataSet } from './storedDataSet.ts';
import { checkTask, loadTaskData } from './taskData.ts';

const loadSplits = async (
  spec: DataSpec,
  augmentation: readonly AugmentationSpec[],
  baseDirectory: string,
  seed: number,
): Promise<Splits> => {
  switch (spec.kind) {
    case 'synthetic':
      return loadSynthetic(spec, augmentation, seed);
    case 'digits-on-clothes':
      return loadDigitsOnClothes(spec, seed);
    case 'idx':
      return loadIdx(spec, baseDirectory);
    case 'cifar-10':
    case 'cifar-100':
      return loadCifar(spec, baseDirectory);
    case 'npz':
      return loadNpz(spec, baseDirectory);
    case 'image-folder':
      return loadImageFolder(spec, baseDirectory);
  }
};

/** Data of a task has the samples that the encoder reads. */
const loadOwn = async (
  spec: DataSpec,
  like: DataSet,
  { baseDirectory, seed }: { readonly baseDirectory: string; readonly seed: number },
  where: string,
): Promise<Splits> => {
  const splits = await loadSplits(spec, [], baseDirectory, seed);
  checkShape({ ...splits.train, name: 'the data of the task' }, like, where);
  checkShape(splits.test, like, where);
  return splits;
};

const checkShape = (dataSet: DataSet, like: DataSet, where: string): void => {
  if (dataSet.shape.join() === like.shape.join()) return;
  throw inputFault(
    `${dataSet.name} has samples of ${dataSet.shape.join(' x ')}, train of ${like.shape.join(' x ')}`,
    where,
    'Give all samples one shape',
  );
};

const loadShifts = async (experiment: Experiment, splits: Splits): Promise<StoredDataSet[]> => {
  const names = new Set(['train', 'validation', 'test']);
  const shifts: StoredDataSet[] = [];
  for (const [index, spec] of experiment.shifts.entries()) {
    const where = `/shifts/${index}`;
    if (names.has(spec.name)) {
      throw inputFault(
        `repeats the name ${JSON.stringify(spec.name)}`,
        `${where}/name`,
        'Give each data set its own name',
      );
    }
    names.add(spec.name);
    if (splits.shift === undefined) {
      throw inputFault(
        `${experiment.data.kind} data has no shifted versions`,
        where,
        'Remove it; digits-on-clothes, image-folder and npz have',
      );
    }
    shifts.push(await splits.shift(spec, where));
  }
  return shifts;
};

/** Every factor that the experiment predicts or groups by must exist. */
const checkFactors = ({ downstream, groups = [] }: Experiment, dataSet: DataSet): void => {
  for (const [index, name] of groups.entries()) categoricalFactor(dataSet, name, `/groups/${index}`);
  for (const [index, task] of downstream.entries()) {
    if (task.data !== undefined) continue;
    checkTask(task, dataSet, `/downstream/${index}`);
  }
};

/**
 * Loads the training and test data of an experiment; paths are relative to `baseDirectory`, the folder of the
 * experiment file. Everything random about the data is determined by the experiment's seed.
 * @throws Fault for files that are missing or damaged, and for factors, shifts or augmentations that the data does not
 * have.
 */
export const loadData = async (experiment: Experiment, baseDirectory: string): Promise<Data> => {
  const { data: spec, augmentation, seed } = experiment;
  const splits = await loadSplits(spec, augmentation, baseDirectory, seed);
  const { train: labelled, test, population = null } = splits;
  checkShape(test, labelled, '/data');
  checkImages(augmentation, labelled.store);
  checkFactors(experiment, labelled);
  const shifts = await loadShifts(experiment, splits);
  const taskData = await loadTaskData(experiment, {
    sets: new Map([test, ...shifts].map((set) => [set.name, set])),
    load: (own, where) => loadOwn(own, labelled, { baseDirectory, seed }, where),
  });
  const hash = contentHash([labelled, test], population);
  const { train, validation } = holdOut(labelled, experiment);
  return { train, validation, test, shifts, taskData, shape: train.shape, hash, population };
};

/** One split of a data set, without an experiment. */
export const loadSplit = async (
  spec: DataSpec,
  baseDirectory: string,
  seed: number,
  which: 'train' | 'test',
): Promise<DataSet> => (await loadSplits(spec, [], baseDirectory, seed))[which];
