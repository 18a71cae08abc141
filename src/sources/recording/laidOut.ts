import type { LabelSpec } from '../../experiment/index.ts';
import { formatCount, shown } from '../../protocol/index.ts';
import { type FoundLabel, foundLabels } from './foundLabels.ts';
import { type CompleteLayout, guessLayout } from './guessLayout.ts';
import { layoutOf } from './layout.ts';
import { type ColumnPlace, columnOf, type RecordedColumn } from './recordedColumns.ts';
import type { RecordedFiles } from './recordedFiles.ts';
import { layersIn, type RecordedLayers } from './recordedLayers.ts';
import type { Recorded, RecordingSpec } from './recordedSource.ts';

/**
 * A recording in a layout that is not ours: as its inspection file says, and where that says nothing, as names and shapes do.
 * @throws Fault (input) for what is left open, with the key of the inspection file that decides it.
 */
export const laidOut = async (
  files: RecordedFiles,
  asked: RecordingSpec,
  baseDirectory: string,
): Promise<Omit<Recorded, 'stamp' | 'isReadApart'>> => {
  const all = asked.labels === undefined ? await foundLabels(files, baseDirectory) : [];
  const beside = all.filter((label) => !isSplit(label));
  const { layout: complete, assumed } = await completed(files, asked, beside, baseDirectory);
  const layout = layoutOf(complete);
  const own = await layersIn(files, layout, asked.tokens ?? ['mean']);
  const place: ColumnPlace = { files, layout, ...own, baseDirectory };
  const labels = asked.labels ?? usable(beside, own);
  const columns = await columnsOf(labels, place);
  const splitSpec = asked.split ?? usable(all.filter(isSplit), own).split;
  const split = splitSpec === undefined ? null : await columnOf(splitSpec, place, '/split');
  const isComplete = asked.layout?.arrays !== undefined && asked.layout.axes !== undefined;
  return {
    samples: own.samples,
    layers: own.layers,
    columns,
    labels: [...columns.keys()],
    split,
    splitNames: own.splitNames,
    description: { version: 1 },
    classifier: null,
    found: {
      ...(isComplete ? {} : { layout: complete }),
      ...(asked.labels === undefined ? { labels } : {}),
      ...(asked.split === undefined && splitSpec !== undefined ? { split: splitSpec } : {}),
    },
    assumed: [
      ...(isComplete ? [] : inWords(complete, own)),
      ...assumed,
      ...(asked.labels === undefined ? labelWords(labels, beside, own) : []),
    ],
  };
};

const isSplit = ({ name }: FoundLabel): boolean => name === 'split';

/** The layout with what names and shapes say; the number of labels says how many samples there are. */
const completed = async (
  files: RecordedFiles,
  { layout = {}, labels }: RecordingSpec,
  beside: readonly FoundLabel[],
  baseDirectory: string,
): Promise<{ layout: CompleteLayout; assumed: readonly string[] }> => {
  const { arrays, axes } = layout;
  if (arrays !== undefined && axes !== undefined && (layout.files !== undefined || !files.isFolder)) {
    return { layout: { ...layout, arrays, axes }, assumed: [] };
  }
  const counts = new Set(
    labels === undefined
      ? beside.flatMap(({ values }) => values ?? [])
      : await countsOf(labels, files, baseDirectory),
  );
  return guessLayout(files, layout, counts.size === 1 ? [...counts][0] : null);
};

/** How many values the labels have that do not depend on the layout. */
const countsOf = async (
  labels: Readonly<Record<string, LabelSpec>>,
  files: RecordedFiles,
  baseDirectory: string,
): Promise<number[]> => {
  const place: ColumnPlace = { files, layout: null, samples: 0, sampleNames: null, baseDirectory };
  const counts: number[] = [];
  for (const [name, spec] of Object.entries(labels)) {
    const isApart = spec.file !== undefined && !spec.file.includes('{') && spec.by === undefined;
    if (!isApart && (spec.file !== undefined || files.isFolder)) continue;
    const column = await columnOf(spec, place, `/labels/${name}`);
    counts.push((await column.read()).values.length);
  }
  return counts;
};

/** Labels that were found by name and have one value for each sample. */
const usable = (
  found: readonly FoundLabel[],
  { samples, sampleNames }: RecordedLayers,
): Record<string, LabelSpec> =>
  Object.fromEntries(
    found
      .filter(
        ({ values, spec }) =>
          values === null ||
          values === samples ||
          (spec.by !== undefined && sampleNames !== null && values > samples),
      )
      .map(({ name, spec: { by, ...spec } }) => [
        name,
        by === undefined || sampleNames === null ? spec : { ...spec, by },
      ]),
  );

const columnsOf = async (
  labels: Readonly<Record<string, LabelSpec>>,
  place: ColumnPlace,
): Promise<Map<string, RecordedColumn>> => {
  const columns = new Map<string, RecordedColumn>();
  for (const [name, spec] of Object.entries(labels)) {
    columns.set(name, await columnOf(spec, place, `/labels/${name}`));
  }
  return columns;
};

/** What was found, for people. */
const inWords = (layout: CompleteLayout, { layers, samples }: RecordedLayers): string[] => {
  const { files, arrays, axes } = layout;
  const names = layers.map(({ name }) => name);
  const few = names.length <= 6 ? names : [...names.slice(0, 3), '...', ...names.slice(-2)];
  return [
    `${files === undefined ? '' : `files ${shown(files)}, `}arrays ${shown(arrays)}, axes ${axes.join(' x ')}`,
    `${formatCount(samples)} samples, ${formatCount(names.length)} layers: ${few.map((name) => (name === '...' ? name : shown(name))).join(', ')}`,
    ...(axes.includes('token')
      ? ['tokens become one vector by "tokens": their mean, unless it says something else']
      : []),
  ];
};

const labelWords = (
  labels: Readonly<Record<string, LabelSpec>>,
  found: readonly FoundLabel[],
  { samples }: RecordedLayers,
): string[] => {
  const used = Object.keys(labels);
  const unused = found.filter(({ name }) => !(name in labels));
  return [
    used.length === 0
      ? 'no labels were found: there are no tasks; name them in "labels"'
      : `labels: ${used.map((name) => `${shown(name)} from ${shown(labels[name].file ?? labels[name].array ?? '')}`).join(', ')}`,
    ...unused.map(
      ({ name, spec, values }) =>
        `${shown(spec.file ?? spec.array ?? name)} has ${values} values beside ${formatCount(samples)} samples, and is no label`,
    ),
  ];
};
