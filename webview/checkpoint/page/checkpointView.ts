import * as l10n from '@vscode/l10n';
import type { CheckpointPageContent, CheckpointValues } from '../../../src/protocol/index.ts';
import { element, fill } from '../../figures/element.ts';
import type { FigureList } from '../../panel/figureList.ts';
import { gathered, paced } from '../../panel/pace.ts';
import { healthSummary } from '../series/health.ts';
import type { GridRow } from '../series/rows.ts';
import type { CheckpointModel } from './checkpointModel.ts';
import { type Checkpoints, noLayersReason } from './content.ts';
import { createLayerDetail } from './detail.ts';
import { createPageHeader } from './header.ts';
import { createLayersView, type LayersOptions } from './layersView.ts';
import { otherTensors } from './lists.ts';

/** Pause between two redraws of arriving measures, ms. */
const REFRESH = 150;

/** Actions that are requested on the page and done elsewhere. */
export interface ViewOptions extends Omit<LayersOptions, 'onSelect'> {
  /** Requests exact values of a layer instead of an estimate. */
  onExact(layer: string): void;
  onShowLog(): void;
}

/** The figures of the page, whichever part they are in. */
type PageFigures = Pick<FigureList, 'titles' | 'export'>;

/** The parts of the page, from the header to the lists under the selected layer. */
export interface CheckpointView {
  readonly figures: PageFigures;
  show(content: CheckpointPageContent): void;
  /** Redraws what a measured layer changed, once enough time has passed since the last redraw. */
  refresh(layer: string): void;
  /** Shows the counts of the tensors that are not layers. */
  showValues(values: CheckpointValues): void;
  rowsInView(): readonly GridRow[];
  /** Selects a layer and scrolls to it; opens its block, and clears the filters that hide it. */
  reveal(layer: string): void;
}

/** Two lists of figures as one, in this order. */
const together = (first: FigureList, second: FigureList): PageFigures => ({
  titles: () => [...first.titles(), ...second.titles()],
  export: (request) => {
    const figure = request.figure - first.titles().length;
    return figure < 0 ? first.export(request) : second.export({ ...request, figure });
  },
});

/** Instead of the page, why there is nothing to show. */
const createReason = (onShowLog: () => void): { readonly root: HTMLElement; readonly words: HTMLElement } => {
  const words = element('p');
  const log = element('button', { type: 'button' }, l10n.t('Show Log'));
  log.addEventListener('click', onShowLog);
  return {
    root: element('div', { class: 'nothing' }, element('h1', {}, l10n.t('Checkpoint')), words, log),
    words,
  };
};

export const createCheckpointView = (
  page: HTMLElement,
  model: CheckpointModel,
  options: ViewOptions,
): CheckpointView => {
  const header = createPageHeader(() => {
    const layer = model.nextWarning();
    if (layer === null) return;
    layers.reveal(layer);
    layers.focus();
  });
  const layers = createLayersView(model, {
    ...options,
    onSelect: () => {
      drawDetail();
      options.onLook();
    },
  });
  const detail = createLayerDetail({
    save: options.save,
    onExact: () => {
      const layer = model.computeExact();
      if (layer === null) return;
      options.onExact(layer);
      showDetail();
    },
  });
  const empty = element('p', { class: 'empty' });
  const nothing = createReason(options.onShowLog);
  const lists = element('div', { class: 'lists' });
  const body = element('div', {}, header.root, empty, layers.root, detail.root, lists);
  page.replaceChildren(nothing.root, body);

  const showDetail = (): void => {
    const selected = model.selected();
    if (selected) detail.show(selected);
    else detail.clear();
  };
  /** Holding down an arrow key passes many layers. */
  const drawDetail = paced(showDetail, REFRESH);
  const showProgress = (): void => {
    header.progress(model.counts());
    header.health(healthSummary(model.health()));
  };
  const refresh = gathered((changed) => {
    layers.refresh(changed);
    showProgress();
    if (model.state.layer !== null && changed.has(model.state.layer)) showDetail();
  }, REFRESH);

  let shown: Checkpoints | null = null;
  const showCheckpoints = (content: Checkpoints): void => {
    model.take(content);
    header.show(content);
    empty.textContent = noLayersReason(content);
    empty.hidden = model.rows.length > 0;
    layers.show();
    showProgress();
    showDetail();
    shown = content;
    fill(lists, otherTensors(content, model.counted()));
  };

  return {
    figures: together(layers.figures, detail.figures),
    show: (content) => {
      const readable = content.kind === 'checkpoints';
      body.hidden = !readable;
      nothing.root.hidden = readable;
      if (readable) {
        showCheckpoints(content);
        return;
      }
      nothing.words.textContent = content.message;
      detail.clear();
    },
    refresh,
    showValues: (values) => {
      if (!model.takeValues(values) || shown === null) return;
      header.health(healthSummary(model.health()));
      fill(lists, otherTensors(shown, model.counted()));
    },
    rowsInView: layers.rowsInView,
    reveal: layers.reveal,
  };
};
