import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import {
  ADD_METRICS,
  EXPORT_FIGURE,
  HIGHLIGHT_LAYER,
  LIST_FIGURES,
  type LiveTraining,
  SAVE_FIGURE,
  type SavedFigure,
  SHOW_TRAINING,
  TRAINING_READY,
} from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { createLayerSelection } from '../figures/index.ts';
import { watchFailures } from '../panel/failure.ts';
import { createFigureList } from '../panel/figureList.ts';
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

/** The training view: state and buttons, the curves, and the figures of the inspected epochs. */
const openTraining = (page: HTMLElement): void => {
  const host = connectHost(readPanelState);
  const failures = watchFailures(host, page);
  const kept = host.keptState();
  const selection = createLayerSelection(kept?.layer ?? null);
  const link = linkLayer(selection, (layer) => host.tell(HIGHLIGHT_LAYER, { layer }));
  let training: LiveTraining | null = null;

  const spoken = element('p', { class: 'spoken', role: 'status' });
  const status = createTrainingStatus(host);
  const curvesPart = element('section', { 'aria-label': l10n.t('Training curves') });
  const note = element('p', { class: 'empty' });
  const figuresPart = element('div');
  const save = (figure: SavedFigure): void => host.tell(SAVE_FIGURE, figure);
  const provenance = (): string => training?.name ?? '';
  const inspected = (): string => runProvenance(provenance(), figures.shown());
  const lists = [
    createFigureList(curvesPart, { selection, save, provenance }),
    createFigureList(figuresPart, { selection, save, provenance: inspected }),
  ] as const;
  const titles = (): string[] => lists.flatMap((list) => list.titles());
  const countDrawn = (): void => {
    document.body.dataset.drawn = String(titles().length);
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
  const keep = (): void => {
    const { state, following } = scrubber.shown();
    const subject = training && state !== null && !following ? [{ run: training.run, state }] : [];
    host.keepState(panelState(subject, selection.current()));
  };
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
  const guarded =
    <Data>(act: (data: Data) => void) =>
    (data: Data): void => {
      try {
        act(data);
      } catch (error) {
        failures.fail(error);
      }
    };

  const epochs = element(
    'section',
    { 'aria-label': l10n.t('Inspected epochs') },
    scrubber.root,
    note,
    figuresPart,
  );
  page.replaceChildren(spoken, status.root, curvesPart, epochs);
  host.onTold(SHOW_TRAINING, guarded(show));
  host.onTold(ADD_METRICS, guarded(curves.add));
  host.onTold(HIGHLIGHT_LAYER, ({ layer }) => link.receive(layer));
  host.onAsked(LIST_FIGURES, titles);
  host.onAsked(EXPORT_FIGURE, (request) => {
    const figure = request.figure - lists[0].titles().length;
    return figure < 0 ? lists[0].export(request) : lists[1].export({ ...request, figure });
  });
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
