import { formatCount } from '../protocol/index.ts';
import type { Examination } from '../sources/index.ts';
import type { Products } from './algebra/products.ts';
import type { ExaminedSoFar } from './foundSoFar.ts';
import type { InspectOptions } from './inspection.ts';
import { examinationReporter } from './inspectionProgress.ts';
import { type LayerMoments, WholeMoments } from './wholeMoments.ts';

interface Examined extends Examination {
  /** By layer, those of the whole test split; none for a source whose splits are whole. */
  readonly moments: ReadonlyMap<string, LayerMoments>;
}

/**
 * What has to be known of a source before its layers are read. Of sampled splits, all samples of the test split go into the
 * moments on the way; and an examination that was ended continues, if the samples are still the same.
 */
export const examineSource = async (options: InspectOptions, products: Products): Promise<Examined> => {
  const { source, found, signal } = options;
  if (source.sampled === null) return { ...(await source.examine({ signal })), moments: new Map() };
  const { input, layers, stamp } = source;
  const kept = [input, ...layers.filter(({ name }) => name !== input.name)];
  const known = stamp === null ? null : ((await found?.examined(stamp)) ?? null);
  const before = known !== null && isOf(known, kept) ? known : null;
  const moments = new WholeMoments(products, kept, before?.moments ?? new Map());
  const report = examinationReporter(options);
  if (before !== null) report(0, `continues after ${formatCount(before.state.samples)} samples`);
  const examination = await source.examine({
    signal,
    from: before?.state,
    onTest: (layer, rows) => moments.add(layer, rows),
    onState: async (state, samples) => {
      const message = `read ${formatCount(state.samples)} of ${formatCount(samples)} samples`;
      report(state.samples / samples, message);
      // Whether it is kept or not, so that the sums are the same ones.
      const sums = await moments.state();
      if (stamp === null || found === undefined || found === null) return;
      if (state.samples === samples || found.isDue())
        await found.keepExamined(stamp, { state, moments: sums });
    },
  });
  return { ...examination, moments: await moments.state() };
};

/** Whether moments are those of these layers. */
const isOf = (
  { moments }: ExaminedSoFar,
  layers: readonly { readonly name: string; readonly dimensions: number }[],
): boolean =>
  layers.every(({ name, dimensions }) => {
    const own = moments.get(name);
    return own === undefined || (own.point.length === dimensions && own.gram.length === dimensions ** 2);
  });
