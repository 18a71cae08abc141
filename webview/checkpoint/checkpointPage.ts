import * as l10n from '@vscode/l10n';
import {
  CHECKPOINT_READY,
  CHECKPOINT_SPECTRUM,
  type CheckpointPageContent,
  COMPARE_CHECKPOINT,
  EXPORT_CHECKPOINT,
  EXPORT_FIGURE,
  LIST_FIGURES,
  OPEN_CHECKPOINT_PANEL,
  SAVE_FIGURE,
  SHOW_CHECKPOINTS,
  SHOW_CONVOLUTION,
  WANT_EXACT,
  WANT_SPECTRA,
} from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { watchFailures } from '../panel/failure.ts';
import { connectHost } from '../panel/host.ts';
import { paced } from '../panel/pace.ts';
import { hasRepeatedBlocks, nextOrder } from '../series/weightArrange.ts';
import { CheckpointModel } from './checkpointModel.ts';
import type { Checkpoints } from './content.ts';
import { createLayerDetail } from './detail.ts';
import { createPageHeader } from './header.ts';
import { createLayerGrid } from './layerGrid.ts';
import { otherTensors } from './lists.ts';
import { pageState, readPageState } from './pageState.ts';
import { settled } from './settled.ts';
import { createToolbar } from './toolbar.ts';

/** Pauses between two drawings of what came in, between two sortings by it, and before layers are asked for, ms. */
const [REFRESH, RESORT, ASK] = [150, 1000, 150];

/** Opens the page of a checkpoint, or of two that are compared: asks the host for it, shows it, and follows both. */
export const openCheckpointPage = (): void => {
  const page = document.getElementById('panel') as HTMLElement;
  const host = connectHost(readPageState);
  const failures = watchFailures(host, page);
  const kept = host.keptState();
  const model = new CheckpointModel(kept, (state) => host.keepState(pageState(state)));
  let changed = new Set<string>();
  let asked = '';
  let views = 0;

  const header = createPageHeader(() => {
    const layer = model.nextWarning();
    if (layer === null) return;
    arrange();
    grid.reveal(layer);
    grid.root.focus();
  });
  const toolbar = createToolbar({
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
    onConvolution: (convolution) => {
      model.change({ convolution });
      const view = ++views;
      host.ask(SHOW_CONVOLUTION, { convolution }).then((shown) => {
        // Another view was chosen since.
        if (view === views) show(shown);
      }, failures.fail);
    },
    onCompare: () => host.tell(COMPARE_CHECKPOINT, undefined),
    onOpenBeside: () => host.tell(OPEN_CHECKPOINT_PANEL, undefined),
    onExport: (format) => host.tell(EXPORT_CHECKPOINT, { format, convolution: model.state.convolution }),
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
      want();
    },
    onScroll: () => want(),
    onActive: (line) => {
      words.textContent = line;
    },
    warningsOf: model.warningsOf,
  });
  const words = element('p', { class: 'active-words' });
  const detail = createLayerDetail({
    save: (figure) => host.tell(SAVE_FIGURE, figure),
    onExact: () => {
      const layer = model.computeExact();
      if (layer === null) return;
      host.tell(WANT_EXACT, { layer, convolution: model.state.convolution });
      showDetail();
    },
  });
  const empty = element('p', { class: 'empty' });
  const reason = element('p');
  const nothing = element('div', { class: 'nothing' }, element('h1', {}, l10n.t('Checkpoint')), reason);
  const lists = element('div', { class: 'lists' });
  const body = element('div', {}, header.root, toolbar.root, empty, grid.root, words, detail.root, lists);
  page.replaceChildren(nothing, body);

  const showDetail = (): void => {
    const selected = model.selected();
    if (selected) detail.show(selected);
    else detail.clear();
  };
  /** Holding an arrow key down passes many layers. */
  const drawDetail = paced(showDetail, REFRESH);

  const want = settled(() => {
    const layers = model.wanted(grid.visible());
    const { convolution } = model.state;
    const asking = JSON.stringify([convolution, model.version, layers]);
    if (asking === asked || layers.length === 0) return;
    asked = asking;
    host.tell(WANT_SPECTRA, { layers, convolution });
  }, ASK);

  const arrange = (): void => {
    const arranged = model.arranged();
    grid.show(model.columns, arranged.rows, model.state.sort);
    toolbar.count(arranged.matching, model.rows.length);
    for (const part of [toolbar.root, grid.root, words]) part.hidden = model.rows.length === 0;
    want();
  };
  const resort = paced(arrange, RESORT);
  const refresh = paced(() => {
    const names = changed;
    changed = new Set();
    if (model.sortsByMeasures) resort();
    grid.refresh(names);
    header.progress(model.counts());
    if (model.state.layer !== null && names.has(model.state.layer)) showDetail();
  }, REFRESH);

  const showCheckpoints = (next: Checkpoints): void => {
    model.take(next);
    asked = '';
    header.show(next);
    toolbar.offer(hasRepeatedBlocks(model.rows), model.hasConvolutions, model.state.convolution);
    empty.textContent = model.emptyWords();
    empty.hidden = model.rows.length > 0;
    grid.select(model.state.layer);
    arrange();
    header.progress(model.counts());
    showDetail();
    lists.replaceChildren(...otherTensors(next));
  };
  const show = (next: CheckpointPageContent): void => {
    try {
      body.hidden = next.kind === 'nothing';
      nothing.hidden = next.kind !== 'nothing';
      if (next.kind === 'nothing') {
        reason.textContent = next.message;
        detail.clear();
      } else showCheckpoints(next);
      failures.clear();
      document.body.dataset.drawn = String(model.rows.length);
      performance.mark('drawn');
    } catch (error) {
      failures.fail(error);
    }
  };

  host.onTold(SHOW_CHECKPOINTS, show);
  host.onTold(CHECKPOINT_SPECTRUM, (spectrum) => {
    if (!model.receive(spectrum)) return;
    changed.add(spectrum.layer);
    refresh();
  });
  host.onAsked(LIST_FIGURES, () => detail.figures.titles());
  host.onAsked(EXPORT_FIGURE, ({ figure, format }) => detail.figures.export(figure, format));
  host.start();
  host.ask(CHECKPOINT_READY, kept).then(show, failures.fail);
};
