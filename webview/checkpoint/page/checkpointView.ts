import * as l10n from '@vscode/l10n';
import type { CheckpointPageContent, CheckpointValues } from '../../../src/protocol/messages.ts';
import { element, fill } from '../../figures/element.ts';
import { type JoinedFigures, joined } from '../../panel/figureList.ts';
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

/** The parts of the page, from the header to the lists under the selected layer. */
export interface CheckpointView {
  /** Whichever part they are in. */
  readonly figures: JoinedFigures;
  show(content: CheckpointPageContent): void;
  /** Redraws what a measured layer changed, once enough time has passed since the last redraw. */
  refresh(layer: string): void;
  /** Shows the counts of the tensors that are not layers. */
  showValues(values: CheckpointValues): void;
  rowsInView(): readonly GridRow[];
  /** Selects a layer and scrolls to it; opens its block, and clears the filters that hide it. */
  reveal(layer: string): void;
}

/** Fills the page with its body; the function shows instead why there is nothing to show, or the body again for null. */
const createPage = (
  page: HTMLElement,
  body: HTMLElement,
  onShowLog: () => void,
): ((reason: string | null) => void) => {
  const words = element('p');
  const log = element('button', { type: 'button' }, l10n.t('Show Log'));
  log.addEventListener('click', onShowLog);
  const nothing = element('div', { class: 'nothing' }, element('h1', {}, l10n.t('Checkpoint')), words, log);
  page.replaceChildren(nothing, body);
  return (reason) => {
    words.textContent = reason ?? '';
    nothing.hidden = reason === null;
    body.hidden = reason !== null;
  };
};

/** What the page says of the selected layer. `onChange`: it is computed again, exactly. */
const createDetail = (
  model: CheckpointModel,
  { save, onExact }: Pick<ViewOptions, 'save' | 'onExact'>,
  onChange: () => void,
) =>
  createLayerDetail({
    save,
    onExact: () => {
      const layer = model.computeExact();
      if (layer === null) return;
      onExact(layer);
      onChange();
    },
  });

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
  const detail = createDetail(model, options, () => showDetail());
  const empty = element('p', { class: 'empty' });
  const lists = element('div', { class: 'lists' });
  const body = element('div', {}, header.root, empty, layers.root, detail.root, lists);
  const showReason = createPage(page, body, options.onShowLog);

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
    figures: joined(layers.figures, detail.figures),
    show: (content) => {
      const readable = content.kind === 'checkpoints';
      showReason(readable ? null : content.message);
      if (readable) showCheckpoints(content);
      else detail.clear();
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
