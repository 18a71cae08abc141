import {
  CHECKPOINT_READY,
  CHECKPOINT_SPECTRUM,
  type CheckpointPageContent,
  COMPARE_CHECKPOINT,
  EXPORT_CHECKPOINT,
  EXPORT_FIGURE,
  LIST_FIGURES,
  OPEN_CHECKPOINT_PANEL,
  READ_VALUES,
  RUN_ACTION,
  SAVE_FIGURE,
  SHOW_CHECKPOINTS,
  SHOW_CONVOLUTION,
  SHOW_WEIGHTS,
  WANT_EXACT,
  WANT_SPECTRA,
} from '../../../src/protocol/messages.ts';
import { watchFailures } from '../../panel/failure.ts';
import { connectHost } from '../../panel/host.ts';
import { settled } from '../../panel/pace.ts';
import { CheckpointModel } from './checkpointModel.ts';
import { createCheckpointView } from './checkpointView.ts';
import { pageState, readPageState } from './pageState.ts';

/** Pause before layers are requested, ms, because scrolling passes many. */
const ASK = 150;

/**
 * Opens the page of a checkpoint, or of two that are compared: requests it from the host, shows it, and
 * follows both host and user.
 */
export const openCheckpointPage = (): void => {
  const page = document.getElementById('panel') as HTMLElement;
  const host = connectHost(readPageState);
  const failures = watchFailures(host, page);
  const kept = host.keptState();
  const model = new CheckpointModel(kept, (state) => host.keepState(pageState(state)));
  /** The last request for spectra, which is not repeated. */
  let asked = '';
  let convolutionViews = 0;

  const askForSpectra = settled(() => {
    const { convolution } = model.state;
    const wanted = { layers: model.wanted(view.rowsInView()), convolution };
    const asking = JSON.stringify(wanted);
    if (asking === asked || wanted.layers.length === 0) return;
    asked = asking;
    host.tell(WANT_SPECTRA, wanted);
  }, ASK);

  const view = createCheckpointView(page, model, {
    onConvolution: (convolution) => {
      model.change({ convolution });
      const chosen = ++convolutionViews;
      host.ask(SHOW_CONVOLUTION, { convolution }).then((shown) => {
        // Another layer may have been selected since.
        if (chosen === convolutionViews) show(shown);
      }, failures.fail);
    },
    onCompare: () => host.tell(COMPARE_CHECKPOINT, undefined),
    onOpenBeside: () => host.tell(OPEN_CHECKPOINT_PANEL, undefined),
    onExport: (format) => host.tell(EXPORT_CHECKPOINT, { format, convolution: model.state.convolution }),
    onExact: (layer) => host.tell(WANT_EXACT, { layer, convolution: model.state.convolution }),
    onShowLog: () => host.tell(RUN_ACTION, { action: 'showLog' }),
    onLook: askForSpectra,
    save: (figure) => host.tell(SAVE_FIGURE, figure),
  });

  const askForValues = (): void => {
    const { convolution } = model.state;
    host.ask(READ_VALUES, { convolution }).then(view.showValues, failures.fail);
  };

  const show = (content: CheckpointPageContent): void => {
    try {
      // Spectra of another version are requested again.
      if (content.kind === 'checkpoints') asked = '';
      view.show(content);
      if (content.kind === 'checkpoints' && content.layer !== undefined) view.reveal(content.layer);
      if (content.kind === 'checkpoints') askForValues();
      failures.clear();
      document.body.dataset.drawn = String(model.rows.length);
      performance.mark('drawn');
    } catch (error) {
      failures.fail(error);
    }
  };

  host.onTold(SHOW_CHECKPOINTS, show);
  host.onTold(SHOW_WEIGHTS, ({ layer }) => view.reveal(layer));
  host.onTold(CHECKPOINT_SPECTRUM, (spectrum) => {
    if (model.receive(spectrum)) view.refresh(spectrum.layer);
  });
  host.onAsked(LIST_FIGURES, () => view.figures.titles());
  host.onAsked(EXPORT_FIGURE, view.figures.export);
  host.start();
  host.ask(CHECKPOINT_READY, kept).then(show, failures.fail);
};
