import type { Analysis, PanelRun } from '../../src/protocol/index.ts';
import { formatCount } from '../series/format.ts';

/** Icons in front of a layer's name, the same in every panel; words beside them say the same. */
export const ICONS = { recommended: '★', selected: '✓' } as const;

/** What the numbers of a panel rest on: `1,000 test samples, epoch 12`. */
export const sampleWords = ({ samples, epoch }: Analysis): string => {
  const counted =
    samples.test === 0
      ? 'exact moments, no samples'
      : `${formatCount(samples.test)} test ${samples.test === 1 ? 'sample' : 'samples'}`;
  return `${counted}, ${epoch === 0 ? 'before training' : `epoch ${formatCount(epoch)}`}`;
};

/** The picked layer, then the recommended one of every task, a line each. */
export const layerWords = ({ analysis, selection, recommendations }: PanelRun): readonly string[] => {
  const advice = recommendations.map(({ task, verdict, recommended }) =>
    verdict === 'clear'
      ? `${ICONS.recommended} Recommended for ${task}: ${recommended.layer}`
      : `${ICONS.recommended} Earliest choice for ${task}: ${recommended.layer} (no clear winner)`,
  );
  const picked = selection ? [`${ICONS.selected} Selected for ${selection.task}: ${selection.layer}`] : [];
  const probed = analysis.layers.some(({ probes }) => probes.length > 0);
  return [...picked, ...advice, ...(probed ? [] : ['No recommendation: no downstream task was probed.'])];
};

export const checkpointLabel = ({ checkpoint, analysed }: PanelRun): string =>
  analysed.find((choice) => choice.checkpoint === checkpoint)?.label ?? checkpoint;

/** Names that tell two runs apart, or two checkpoints of one run. */
export const comparedNames = (a: PanelRun, b: PanelRun): [string, string] => {
  if (a.name !== b.name) return [a.name, b.name];
  const names: [string, string] = [`${a.name}, ${checkpointLabel(a)}`, `${b.name}, ${checkpointLabel(b)}`];
  return names[0] === names[1] ? [`${names[0]} (left)`, `${names[1]} (right)`] : names;
};
