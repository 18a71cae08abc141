import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import {
  ADD_METRICS,
  EXPORT_FIGURE,
  HIGHLIGHT_LAYER,
  LIST_FIGURES,
  type LiveTraining,
  type PanelSubject,
  SAVE_FIGURE,
  type SavedFigure,
  SHOW_TRAINING,
  TRAINING_READY,
} from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { createLayerSelection } from '../figures/index.ts';
import { watchFailures } from '../panel/failure.ts';
import { createFigureList, joined } from '../panel/figureList.ts';
import { connectHost } from '../panel/host.ts';
import { linkLayer } from '../panel/linkedLayer.ts';
import { panelState, readPanelState } from '../panel/panelState.ts';
import { runProvenance } from '../panel/provenance.ts';
import { createEpochScrubber } from '../training/epochScrubber.ts';
import { inspectedEpochs } from '../training/followedEpoch.ts';
import { createInspectedFigures } from '../training/inspectedFigures.ts';
import { createLiveCurves } from '../training/liveCurves.ts';
import { spokenLine } from '../training/liveTraining.ts';
import { createTrainingStatus } from '../training/trainingStatus.ts';

/** `act`, whose failures are reported. */
const guardedBy =
  (fail: (error: unknown) => void) =>
  <Data>(act: (data: Data) => void) =>
  (data: Data): void => {
    try {
      act(data);
    } catch (error) {
      fail(error);
    }
  };

/** The empty page. */
const createPageParts = () => ({
  spoken: element('p', { class: 'spoken', role: 'status' }),
  curvesPart: element('section', { 'aria-label': l10n.t('Training curves') }),
  inspectedPart: element('section', { 'aria-label': l10n.t('Inspected epochs') }),
  note: element('p', { class: 'empty' }),
  figuresPart: element('div'),
});

/** What the page keeps: the epoch that the user looks at, unless it follows the latest. */
const keptSubject = (
  training: LiveTraining | null,
  { state, following }: ReturnType<ReturnType<typeof createEpochScrubber>['shown']>,
): readonly PanelSubject[] =>
  training && state !== null && !following ? [{ run: training.run, state }] : [];

/** The training view: state and buttons, the curves, and the figures of the inspected epochs. */
const openTraining = (page: HTMLElement): void => {
  const host = connectHost(readPanelState);
  const failures = watchFailures(host, page);
  const kept = host.keptState();
  const selection = createLayerSelection(kept?.layer ?? null);
  const link = linkLayer(selection, (layer) => host.tell(HIGHLIGHT_LAYER, { layer }));
  let training: LiveTraining | null = null;

  const { spoken, curvesPart, inspectedPart, note, figuresPart } = createPageParts();
  const status = createTrainingStatus(host);
  const save = (figure: SavedFigure): void => host.tell(SAVE_FIGURE, figure);
  const provenance = (): string => training?.name ?? '';
  const inspected = (): string => runProvenance(provenance(), figures.shown());
  const lists = [
    createFigureList(curvesPart, { selection, save, provenance }),
    createFigureList(figuresPart, { selection, save, provenance: inspected }),
  ] as const;
  const together = joined(lists[0], lists[1]);
  const countDrawn = (): void => {
    document.body.dataset.drawn = String(together.titles().length);
  };
  const curves = createLiveCurves(lists[0], {
    onDrawn: countDrawn,
    onEpoch: (epoch) => scrubber.pick(epoch),
  });
  const figures = createInspectedFigures(host, lists[1], note, countDrawn);

  const showEpoch = (): void => {
    const { state } = scrubber.shown();
    figures.show(training && state !== null ? { run: training.run, state } : null);
    keep();
  };
  const pinned = kept?.subjects[0]?.state ?? null;
  const scrubber = createEpochScrubber({ state: pinned, following: pinned === null }, showEpoch);
  const keep = (): void =>
    host.keepState(panelState(keptSubject(training, scrubber.shown()), selection.current()));
  selection.subscribe(keep);

  const show = (next: LiveTraining | null): void => {
    const line = spokenLine(training, next);
    if (line !== null) spoken.textContent = line;
    const before = training?.run ?? kept?.subjects[0]?.run;
    if (next?.run !== training?.run) curves.replace([]);
    // The same run from its beginning: its epochs are inspected again.
    if (next?.state === 'preparing' && next.step === 0) figures.forget();
    training = next;
    status.update(next);
    curves.mark(inspectedEpochs(next?.inspected ?? []));
    scrubber.offer(next?.inspected ?? [], next?.run !== before);
  };
  const guarded = guardedBy(failures.fail);
  inspectedPart.append(scrubber.root, note, figuresPart);
  page.replaceChildren(spoken, status.root, curvesPart, inspectedPart);
  host.onTold(SHOW_TRAINING, guarded(show));
  host.onTold(ADD_METRICS, guarded(curves.add));
  host.onTold(HIGHLIGHT_LAYER, ({ layer }) => link.receive(layer));
  host.onAsked(LIST_FIGURES, together.titles);
  host.onAsked(EXPORT_FIGURE, together.export);
  host.start();
  host.ask(TRAINING_READY).then(
    guarded((content) => {
      show(content.training);
      curves.replace(content.metrics);
    }),
    failures.fail,
  );
};

openTraining(document.getElementById('panel') as HTMLElement);
