import * as l10n from '@vscode/l10n';
import {
  CHECKPOINT_READY,
  CHECKPOINT_SPECTRUM,
  type CheckpointPageContent,
  type CheckpointSpectrum,
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
import { paced } from '../panel/pace.ts';
import { arrangeRows, hasRepeatedBlocks, layersOf, nextOrder } from '../series/weightArrange.ts';
import type { LayerColumn } from '../series/weightColumn.ts';
import { layerColumns } from '../series/weightColumns.ts';
import { type LayerRow, layerOf, layerRows } from '../series/weightRows.ts';
import { rowWarnings } from '../series/weightWarnings.ts';
import { asPlainHost, connectCheckpointHost } from './connection.ts';
import { type Checkpoints, checkpointNames } from './content.ts';
import { createLayerDetail } from './detail.ts';
import { createPageHeader } from './header.ts';
import { createLayerGrid } from './layerGrid.ts';
import { otherTensors } from './lists.ts';
import { createMeasuredLayers } from './measuredLayers.ts';
import { type KeptState, pageState } from './pageState.ts';
import { settled } from './settled.ts';
import { createToolbar } from './toolbar.ts';
import { isWanted, wantedLayers } from './wantedLayers.ts';

/** Pauses between two drawings of what came in, between two sortings by it, and before layers are asked for, ms. */
const [REFRESH, RESORT, ASK] = [150, 1000, 150];

const START: KeptState = {
  files: [],
  layer: null,
  filter: '',
  sort: null,
  grouped: true,
  convolution: 'reshape',
};

/** Opens the page of a checkpoint, or of two that are compared: asks the host for it, shows it, and follows both. */
export const openCheckpointPage = (): void => {
  const page = document.getElementById('panel') as HTMLElement;
  const host = connectCheckpointHost();
  const failures = watchFailures(asPlainHost(host), page);
  const kept = host.keptState();
  const measured = createMeasuredLayers();
  const open = new Set<string>();
  /** Layers whose exact values were asked for. */
  const computing = new Set<string>();
  let state: KeptState = kept ?? START;
  let content: Checkpoints | null = null;
  let rows: readonly LayerRow[] = [];
  let columns: readonly LayerColumn[] = [];
  let changed = new Set<string>();
  let asked = '';
  let views = 0;

  const change = (changes: Partial<KeptState>): void => {
    state = { ...state, ...changes };
    host.keepState(pageState(state));
  };
  const names = (): string[] => (content ? checkpointNames(content) : []);
  const warningsOf = (row: LayerRow): string[] => rowWarnings(row, measured.of, names());

  const nextWarning = (): void => {
    const from = rows.findIndex(({ name }) => name === state.layer) + 1;
    const ring = [...rows.slice(from), ...rows.slice(0, from)];
    const found = ring.find((row) => warningsOf(row).length > 0);
    if (!found) return;
    const { repeated } = layerOf(found);
    if (repeated !== null) open.add(repeated);
    if (!found.name.toLowerCase().includes(state.filter.trim().toLowerCase())) change({ filter: '' });
    arrange();
    grid.reveal(found.name);
    grid.root.focus();
  };
  const header = createPageHeader(nextWarning);
  const toolbar = createToolbar({
    filter: state.filter,
    grouped: state.grouped,
    onFilter: (filter) => {
      change({ filter });
      grid.toTop();
      arrange();
    },
    onGrouped: (grouped) => {
      change({ grouped });
      arrange();
    },
    onConvolution: (convolution) => {
      change({ convolution });
      const view = ++views;
      host.ask(SHOW_CONVOLUTION, { convolution }).then((shown) => {
        // Another view was chosen since.
        if (view === views) show(shown);
      }, failures.fail);
    },
    onCompare: () => host.tell(COMPARE_CHECKPOINT, undefined),
    onOpenBeside: () => host.tell(OPEN_CHECKPOINT_PANEL, undefined),
    onExport: (format) => host.tell(EXPORT_CHECKPOINT, { format, convolution: state.convolution }),
  });
  const words = element('p', { class: 'active-words' });
  const detail = createLayerDetail({
    save: (figure) => host.tell(SAVE_FIGURE, figure),
    onExact: () => {
      const { layer, convolution } = state;
      if (layer === null) return;
      computing.add(layer);
      host.tell(WANT_EXACT, { layer, convolution });
      showDetail();
    },
  });
  const grid = createLayerGrid({
    onSort: (column) => {
      change({ sort: nextOrder(state.sort, column) });
      grid.toTop();
      arrange();
    },
    onToggle: (pattern) => {
      if (!open.delete(pattern)) open.add(pattern);
      arrange();
    },
    onSelect: (layer) => {
      if (layer === state.layer) return;
      change({ layer });
      grid.select(layer);
      drawDetail();
      want();
    },
    onScroll: () => want(),
    onActive: (line) => {
      words.textContent = line;
    },
    warningsOf,
  });
  const empty = element('p', { class: 'empty' });
  const reason = element('p');
  const nothing = element('div', { class: 'nothing' }, element('h1', {}, l10n.t('Checkpoint')), reason);
  const lists = element('div', { class: 'lists' });
  const body = element('div', {}, header.root, toolbar.root, empty, grid.root, words, detail.root, lists);
  page.replaceChildren(nothing, body);

  const showDetail = (): void => {
    const row = rows.find(({ name }) => name === state.layer);
    if (!content || !row) {
      detail.clear();
      return;
    }
    const sides = row.sides.map((layer, place) => ({
      name: names()[place],
      layer,
      measured: measured.of(place, row.name),
    }));
    detail.show({
      data: { layer: row.name, sides },
      definitions: content.definitions ?? {},
      warnings: warningsOf(row),
      computing: computing.has(row.name),
    });
  };
  /** Holding an arrow key down passes many layers. */
  const drawDetail = paced(showDetail, REFRESH);

  const askForSpectra = (): void => {
    const inView = grid.visible().flatMap(layersOf);
    const matching = arrangeRows(rows, { ...state, order: state.sort, open }, columns).rows.flatMap((row) =>
      row.kind === 'layer' && row.inside ? [] : layersOf(row),
    );
    const layers = wantedLayers(state.layer, [inView, matching, rows], measured.of);
    const asking = JSON.stringify([state.convolution, content?.version, layers]);
    if (asking === asked || layers.length === 0) return;
    asked = asking;
    host.tell(WANT_SPECTRA, { layers, convolution: state.convolution });
  };
  const want = settled(askForSpectra, ASK);

  const arrange = (): void => {
    const arranged = arrangeRows(rows, { ...state, order: state.sort, open }, columns);
    grid.show(columns, arranged.rows, state.sort);
    toolbar.count(arranged.matching, rows.length);
    const hidden = rows.length === 0;
    for (const part of [toolbar.root, grid.root, words]) part.hidden = hidden;
    want();
  };
  const failedAt = (place: number, name: string): boolean => measured.of(place, name)?.spectrum === null;
  const showProgress = (): void => {
    const done = rows.filter((row) => !isWanted(row, measured.of));
    header.progress({
      layers: rows.length,
      measured: done.length,
      failed: done.filter(({ name, sides }) => sides.some((_, place) => failedAt(place, name))).length,
      warned: rows.filter((row) => warningsOf(row).length > 0).length,
    });
  };

  const resort = paced(arrange, RESORT);
  const refresh = paced(() => {
    const names = changed;
    changed = new Set();
    if (columns.some(({ id, measured: late }) => late && id === state.sort?.column)) resort();
    grid.refresh(names);
    showProgress();
    if (state.layer !== null && names.has(state.layer)) showDetail();
  }, REFRESH);

  const receive = (spectrum: CheckpointSpectrum): void => {
    if (!measured.add(spectrum)) return;
    if (spectrum.spectrum?.method !== 'estimate') computing.delete(spectrum.layer);
    changed.add(spectrum.layer);
    refresh();
  };

  const emptyWords = ({ checkpoints }: Checkpoints): string => {
    if (rows.length > 0) return '';
    const tensors = checkpoints.some(({ summary }) => summary.vectors.length + summary.skipped.length > 0);
    return tensors
      ? l10n.t('No tensor of this checkpoint is a weight matrix that can be analysed.')
      : l10n.t('This checkpoint holds no tensors.');
  };
  const showCheckpoints = (next: Checkpoints): void => {
    const files = next.checkpoints.map(({ uri }) => uri);
    if (measured.begin(files, next.version, state.convolution)) computing.clear();
    content = next;
    rows = layerRows(next.checkpoints.map(({ summary }) => summary));
    columns = layerColumns({
      names: names(),
      measuredOf: measured.of,
      definitions: next.definitions ?? {},
    });
    asked = '';
    const known = rows.some(({ name }) => name === state.layer);
    change({ files, layer: known ? state.layer : (rows[0]?.name ?? null) });
    header.show(next);
    const convolutions = rows.some((row) => layerOf(row).kind === 'convolution');
    toolbar.offer(hasRepeatedBlocks(rows), convolutions, state.convolution);
    empty.textContent = emptyWords(next);
    empty.hidden = rows.length > 0;
    grid.select(state.layer);
    arrange();
    showProgress();
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
      document.body.dataset.drawn = String(rows.length);
      performance.mark('drawn');
    } catch (error) {
      failures.fail(error);
    }
  };

  host.onTold(SHOW_CHECKPOINTS, show);
  host.onTold(CHECKPOINT_SPECTRUM, receive);
  host.onAsked(LIST_FIGURES, () => detail.figures.titles());
  host.onAsked(EXPORT_FIGURE, ({ figure, format }) => detail.figures.export(figure, format));
  host.start();
  host.ask(CHECKPOINT_READY, kept).then(show, failures.fail);
};
