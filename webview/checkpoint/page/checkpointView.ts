import * as l10n from '@vscode/l10n';
import type { CheckpointPageContent, CheckpointValues } from '../../../src/protocol/index.ts';
import { element, fill } from '../../figures/element.ts';
import type { FigureList } from '../../panel/figureList.ts';
import { gathered, paced } from '../../panel/pace.ts';
import { healthSummary } from '../series/health.ts';
import { type GridRow, hasRepeatedBlocks, nextOrder } from '../series/rows.ts';
import { createLayerGrid } from '../table/layerTable.ts';
import type { CheckpointModel } from './checkpointModel.ts';
import { type Checkpoints, noLayersReason } from './content.ts';
import { createLayerDetail, type DetailOptions } from './detail.ts';
import { createPageHeader } from './header.ts';
import { otherTensors } from './lists.ts';
import { createToolbar, type ToolbarOptions } from './toolbar.ts';

/** Pauses between two redraws of arriving measures, and between two sortings by them, ms. */
const [REFRESH, RESORT] = [150, 1000];

/** Actions that are requested on the page and done elsewhere. */
export interface ViewOptions
  extends Pick<ToolbarOptions, 'onConvolution' | 'onCompare' | 'onOpenBeside' | 'onExport'>,
    Pick<DetailOptions, 'save'> {
  /** Requests exact values of a layer instead of an estimate. */
  onExact(layer: string): void;
  onShowLog(): void;
  /** Other layers are visible than before. */
  onLook(): void;
}

/** The parts of the page, from the header to the lists under the selected layer. */
export interface CheckpointView {
  readonly figures: FigureList;
  show(content: CheckpointPageContent): void;
  /** Redraws what a measured layer changed, once enough time has passed since the last redraw. */
  refresh(layer: string): void;
  /** Shows the counts of the tensors that are not layers. */
  showValues(values: CheckpointValues): void;
  rowsInView(): readonly GridRow[];
  /** Selects a layer and scrolls to it; opens its block, and clears a filter that hides it. */
  reveal(layer: string): void;
}

export const createCheckpointView = (
  page: HTMLElement,
  model: CheckpointModel,
  options: ViewOptions,
): CheckpointView => {
  const header = createPageHeader(() => {
    const layer = model.nextWarning();
    if (layer === null) return;
    reveal(layer);
    grid.root.focus();
  });
  const toolbar = createToolbar({
    ...options,
    filter: model.state.filter,
    grouped: model.state.grouped,
    onFilter: (filter) => {
      model.change({ filter });
      grid.toTop();
      arrange();
    },
    onGrouped: (grouped) => {
      model.change({ grouped });
      arrange();
    },
  });
  const grid = createLayerGrid({
    onSort: (column) => {
      model.change({ sort: nextOrder(model.state.sort, column) });
      grid.toTop();
      arrange();
    },
    onToggle: (pattern) => {
      model.toggleBlock(pattern);
      arrange();
    },
    onSelect: (layer) => {
      if (layer === model.state.layer) return;
      model.change({ layer });
      grid.select(layer);
      drawDetail();
      options.onLook();
    },
    onScroll: options.onLook,
    onActive: (line) => {
      words.textContent = line;
    },
    warningsOf: model.warningsOf,
  });
  const words = element('p', { class: 'active-words' });
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
  const reason = element('p');
  const log = element('button', { type: 'button' }, l10n.t('Show Log'));
  log.addEventListener('click', () => options.onShowLog());
  const nothing = element('div', { class: 'nothing' }, element('h1', {}, l10n.t('Checkpoint')), reason, log);
  const lists = element('div', { class: 'lists' });
  const body = element('div', {}, header.root, toolbar.root, empty, grid.root, words, detail.root, lists);
  page.replaceChildren(nothing, body);

  const showDetail = (): void => {
    const selected = model.selected();
    if (selected) detail.show(selected);
    else detail.clear();
  };
  /** Holding down an arrow key passes many layers. */
  const drawDetail = paced(showDetail, REFRESH);

  const arrange = (): void => {
    const { rows, matching } = model.arranged();
    grid.show(model.columns, rows, model.state.sort);
    toolbar.count(matching, model.rows.length);
    for (const part of [toolbar.root, grid.root, words]) part.hidden = model.rows.length === 0;
    options.onLook();
  };
  const resort = paced(arrange, RESORT);
  const reveal = (layer: string): void => {
    model.uncover(layer);
    toolbar.showFilter(model.state.filter);
    arrange();
    grid.reveal(layer);
  };
  const refresh = gathered((layers) => {
    if (model.sortsByMeasures) resort();
    grid.refresh(layers);
    header.progress(model.counts());
    header.health(healthSummary(model.health()));
    if (model.state.layer !== null && layers.has(model.state.layer)) showDetail();
  }, REFRESH);

  let shown: Checkpoints | null = null;
  const showCheckpoints = (content: Checkpoints): void => {
    model.take(content);
    header.show(content);
    toolbar.offer(hasRepeatedBlocks(model.rows), model.hasConvolutions, model.state.convolution);
    empty.textContent = noLayersReason(content);
    empty.hidden = model.rows.length > 0;
    grid.select(model.state.layer);
    arrange();
    header.progress(model.counts());
    header.health(healthSummary(model.health()));
    showDetail();
    shown = content;
    fill(lists, otherTensors(content, model.counted()));
  };

  return {
    figures: detail.figures,
    show: (content) => {
      const readable = content.kind === 'checkpoints';
      body.hidden = !readable;
      nothing.hidden = readable;
      if (readable) {
        showCheckpoints(content);
        return;
      }
      reason.textContent = content.message;
      detail.clear();
    },
    refresh,
    showValues: (values) => {
      if (!model.takeValues(values) || shown === null) return;
      header.health(healthSummary(model.health()));
      fill(lists, otherTensors(shown, model.counted()));
    },
    rowsInView: grid.visible,
    reveal,
  };
};
