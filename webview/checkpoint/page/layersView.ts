import type { ProfileState, SavedFigure } from '../../../src/protocol/messages.ts';
import { element } from '../../figures/element.ts';
import { createLayerSelection } from '../../figures/index.ts';
import type { FigureList } from '../../panel/figureList.ts';
import { paced } from '../../panel/pace.ts';
import { type GridRow, hasRepeatedBlocks, nextOrder } from '../series/rows.ts';
import { createLayerGrid, type GridOptions } from '../table/layerTable.ts';
import type { CheckpointModel } from './checkpointModel.ts';
import { createColumnChooser } from './columnChooser.ts';
import { createFilterControls } from './filterControls.ts';
import { createDepthProfile, type DepthProfile } from './profile.ts';
import { createToolbar, type ToolbarOptions } from './toolbar.ts';

/** Pauses between two redraws of the depth profile while measures arrive, and between two sortings by them, ms. */
const [REDRAW, RESORT] = [400, 1000];

export interface LayersOptions
  extends Pick<ToolbarOptions, 'onConvolution' | 'onCompare' | 'onOpenBeside' | 'onExport'> {
  save(figure: SavedFigure): void;
  /** Another layer was selected. */
  onSelect(): void;
  /** Other layers are visible than before. */
  onLook(): void;
}

/** The layers of the page: what is shown of them, the depth profile and the table, which follow each other. */
export interface LayersView {
  readonly root: HTMLElement;
  readonly figures: FigureList;
  /** Shows other layers. */
  show(): void;
  /** Redraws what these measured layers changed. */
  refresh(layers: ReadonlySet<string>): void;
  rowsInView(): readonly GridRow[];
  /** Selects a layer and scrolls to it; opens its block, and clears the filters that hide it. */
  reveal(layer: string): void;
  focus(): void;
}

const createProfile = (
  model: CheckpointModel,
  options: Pick<Parameters<typeof createDepthProfile>[0], 'selection' | 'save' | 'onPick'>,
): DepthProfile & { readonly redraw: () => void } => {
  const change = (changes: Partial<ProfileState>): void =>
    model.change({ profile: { ...model.state.profile, ...changes } });
  const profile = createDepthProfile({
    ...options,
    open: model.state.profile.open,
    onOpen: (open) => change({ open }),
    onMeasure: (measure) => {
      change({ measure, log: null });
      redraw();
    },
    onScale: (log) => {
      change({ log });
      redraw();
    },
  });
  const redraw = paced(() => profile.show(model.profile()), REDRAW);
  return { ...profile, redraw };
};

/** The table, and under it the full text of its active cell. */
const createTable = (options: Omit<GridOptions, 'onActive'>) => {
  const words = element('p', { class: 'active-words' });
  const grid = createLayerGrid({
    ...options,
    onActive: (line) => {
      words.textContent = line;
    },
  });
  return { grid, words };
};

/** What is shown of the layers: filters, columns, and the buttons of the toolbar. */
const createControls = (
  model: CheckpointModel,
  options: Pick<ToolbarOptions, 'onConvolution' | 'onCompare' | 'onOpenBeside' | 'onExport'>,
  { arrange, toTop }: { arrange(): void; toTop(): void },
) => {
  const filters = createFilterControls(model.filter, (filter) => {
    model.setFilter(filter);
    toTop();
    arrange();
  });
  const chooser = createColumnChooser((columns) => {
    model.chooseColumns(columns);
    arrange();
  });
  const toolbar = createToolbar({
    ...options,
    grouped: model.state.grouped,
    filters: filters.parts,
    columns: chooser.root,
    onGrouped: (grouped) => {
      model.change({ grouped });
      arrange();
    },
  });
  /** What there is to choose of the layers. */
  const offer = (): void => {
    filters.offer(model.kinds());
    filters.show(model.filter);
    toolbar.offer(hasRepeatedBlocks(model.rows), model.hasConvolutions, model.state.convolution);
  };
  return { filters, chooser, toolbar, offer };
};

export const createLayersView = (model: CheckpointModel, options: LayersOptions): LayersView => {
  const selection = createLayerSelection();
  const { filters, chooser, toolbar, offer } = createControls(model, options, {
    arrange: () => arrange(),
    toTop: () => grid.toTop(),
  });
  const profile = createProfile(model, {
    selection,
    save: options.save,
    onPick: (layer) => reveal(layer),
  });
  const { grid, words } = createTable({
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
      mark();
      options.onSelect();
    },
    onScroll: options.onLook,
    warningsOf: model.warningsOf,
  });
  const root = element('div', {}, toolbar.root, profile.root, filters.noMatch, grid.root, words);

  const mark = (): void => {
    grid.select(model.state.layer);
    selection.select(model.state.layer);
  };
  const arrange = (): void => {
    const { rows, matching } = model.arranged();
    const columns = model.shownColumns();
    // A hidden table has no height, and would draw no rows.
    for (const part of [grid.root, words]) part.hidden = matching === 0;
    toolbar.root.hidden = model.rows.length === 0;
    grid.show(columns, rows, model.state.sort);
    chooser.offer(model.columns, columns);
    filters.count(matching, model.rows.length);
    profile.redraw();
    options.onLook();
  };
  const resort = paced(arrange, RESORT);
  const reveal = (layer: string): void => {
    model.uncover(layer);
    filters.show(model.filter);
    arrange();
    grid.reveal(layer);
  };

  return {
    root,
    figures: profile.figures,
    show: () => {
      offer();
      mark();
      arrange();
    },
    refresh: (layers) => {
      if (model.movesWithMeasures) resort();
      grid.refresh(layers);
      profile.redraw();
    },
    rowsInView: grid.visible,
    reveal,
    focus: () => grid.root.focus(),
  };
};
