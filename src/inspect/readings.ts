import type { Representations, SourceLayer, SourceReader, ViewedLayer } from '../sources/index.ts';
import type { Inspection } from './inspection.ts';
import type { Report } from './inspectionProgress.ts';
import type { LayerSplits } from './probes/predictions.ts';
import type { Probed } from './probes/probeLayer.ts';
import type { TaskGroup } from './probes/task.ts';
import { readSplits, type SplitData, splitsAt } from './readSplits.ts';

/** Tasks on the same samples, with the representations of these. */
interface ProbedGroup {
  readonly splitsAt: (layer: string) => Promise<LayerSplits>;
  readonly own: Probed;
  /** Whether the samples are those of the source, whose features are measured. */
  readonly ofSource: boolean;
}

/** Everything that is read from the model before anything is measured. */
export interface Readings {
  /** The test split. */
  readonly test: Representations;
  /** Of the tasks with the same samples. */
  readonly probed: readonly ProbedGroup[];
  readonly views: ReadonlyMap<string, ViewedLayer> | null;
}

/** Of a source whose layers are read apart, only the test split is held, and the others of one layer at a time. */
export const readEverything = async (
  inspection: Inspection,
  reader: SourceReader,
  read: readonly SourceLayer[],
  groups: readonly TaskGroup[],
  report: Report,
): Promise<Readings> => {
  const { source, signal, views } = inspection;
  const { test: own } = source.splits;
  const probed: ProbedGroup[] = [];
  let test: Representations | null = null;
  for (const group of groups) {
    const ofSource = group.data.test === own;
    if (source.isReadApart) {
      probed.push({ splitsAt: (layer) => readApart(inspection, group, layer), own: group, ofSource });
      continue;
    }
    const splits = await readSplits(reader, read, group.data, signal, report);
    if (ofSource) [test] = splits.tests;
    probed.push({ splitsAt: async (layer) => splitsAt(splits, layer), own: group, ofSource });
  }
  // Only probes use the other splits.
  test ??= (await readSplits(reader, read, testOnly(own), signal, report)).tests[0];
  report('reading augmented views');
  return { test, probed, views: await reader.views(views, signal) };
};

const readApart = async (
  { source, signal }: Inspection,
  { data }: TaskGroup,
  layer: string,
): Promise<LayerSplits> => {
  const only = source.layers.filter(({ name }) => name === layer);
  const reader = await source.open(only);
  try {
    return splitsAt(await readSplits(reader, only, data, signal, () => {}), layer);
  } finally {
    await reader.dispose();
  }
};

const testOnly = (test: SplitData['test']): SplitData => ({
  train: null,
  validation: null,
  test,
  shifts: [],
});
