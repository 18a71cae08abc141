import * as l10n from '@vscode/l10n';
import {
  type Analysis,
  type PanelSubject,
  READ_ANALYSIS,
  unpackAnalysis,
} from '../../src/protocol/messages.ts';
import { drawHeatmap, drawSpectrum } from '../figures/index.ts';
import { failureText } from '../panel/failureText.ts';
import type { FigureList } from '../panel/figureList.ts';
import type { Host } from '../panel/host.ts';
import { type Part, part, WORDS } from '../panel/parts.ts';

/** Number of cached analyses, so that the slider responds at once; the oldest is dropped first. */
const KEPT = 24;

const partsOf = (analysis: Analysis): readonly Part[] => [
  part(WORDS.spectrum, drawSpectrum, analysis),
  part(WORDS.featureWeights, drawHeatmap, analysis),
];

export interface InspectedFigures {
  /** Reads and draws the analysis of `subject` unless it is already drawn; null draws nothing. */
  show(subject: PanelSubject | null): void;
  /** The analysis that is drawn. */
  shown(): Analysis | null;
  /** Clears the cache, because the run is being trained again. */
  forget(): void;
}

/** The figures of one inspected epoch. `note` says why there are none; `onDrawn` is called after every change. */
export const createInspectedFigures = (
  host: Host,
  figures: FigureList,
  note: HTMLElement,
  onDrawn: () => void,
): InspectedFigures => {
  const read = new Map<string, Analysis>();
  let wanted: string | null = null;
  let shown: Analysis | null = null;

  const analysisOf = async (key: string, { run, state }: PanelSubject): Promise<Analysis | null> => {
    const known = read.get(key);
    if (known) return known;
    const packed = await host.ask(READ_ANALYSIS, { run, state });
    const analysis = packed && unpackAnalysis(packed);
    if (analysis) read.set(key, analysis);
    if (read.size > KEPT) read.delete([...read.keys()][0]);
    return analysis;
  };
  const draw = (analysis: Analysis | null, reason: string): void => {
    shown = analysis;
    if (analysis) figures.show(partsOf(analysis));
    else figures.clear();
    note.textContent = analysis ? '' : reason;
    onDrawn();
  };

  return {
    show: (subject) => {
      const key = subject && JSON.stringify([subject.run, subject.state]);
      if (key === wanted) return;
      wanted = key;
      if (!subject || !key) {
        draw(null, '');
        return;
      }
      // Another epoch may have been requested meanwhile.
      analysisOf(key, subject).then(
        (analysis) => key === wanted && draw(analysis, l10n.t('This analysis can no longer be read.')),
        (error: unknown) =>
          key === wanted && draw(null, l10n.t('This analysis cannot be read: {0}.', failureText(error))),
      );
    },
    shown: () => shown,
    forget: () => {
      read.clear();
      wanted = null;
    },
  };
};
