import type { CheckpointSpectrum, CheckpointValues, TensorValues } from '../../../src/protocol/index.ts';
import type { LayerColumn } from '../series/columns.ts';
import { layerColumns } from '../series/columns.ts';
import { type SideHealth, sideHealth } from '../series/health.ts';
import { countLayers, createMeasuredLayers, type LayerCounts, wantedLayers } from '../series/measured.ts';
import { arrangeRows, type GridRow, type LayerRow, layerOf, layerRows, layersOf } from '../series/rows.ts';
import type { CountedTensors } from '../series/tables.ts';
import { rowWarnings } from '../series/warnings.ts';
import { type Checkpoints, checkpointNames, type DetailContent } from './content.ts';
import type { KeptState } from './pageState.ts';

const START: KeptState = {
  files: [],
  layer: null,
  filter: '',
  sort: null,
  grouped: true,
  convolution: 'reshape',
};

/** The state of a page on one or two checkpoints: their layers, measures, and arrangement by the user. */
export class CheckpointModel {
  rows: readonly LayerRow[] = [];
  columns: readonly LayerColumn[] = [];
  state: KeptState;
  private names: readonly string[] = [];
  private definitions: DetailContent['definitions'] = {};
  private readonly measured = createMeasuredLayers();
  private version = 0;
  /** Values of the tensors that are not layers, by the index of their checkpoint. */
  private values: readonly (readonly TensorValues[])[] = [];
  /** Null if something arrived since. */
  private knownHealth: readonly SideHealth[] | null = null;
  /** The folded blocks that are open. */
  private readonly open = new Set<string>();
  /** Layers whose exact values were requested. */
  private readonly computing = new Set<string>();

  constructor(
    kept: KeptState | null,
    private readonly keep: (state: KeptState) => void,
  ) {
    this.state = kept ?? START;
  }

  change(changes: Partial<KeptState>): void {
    this.state = { ...this.state, ...changes };
    this.keep(this.state);
  }

  /** Replaces the checkpoints; measures of the same version are kept. */
  take(next: Checkpoints): void {
    const files = next.checkpoints.map(({ uri }) => uri);
    if (this.measured.begin(files, next.version, this.state.convolution)) this.computing.clear();
    if (next.version !== this.version) this.values = [];
    this.version = next.version;
    this.knownHealth = null;
    this.names = checkpointNames(next);
    this.rows = layerRows(next.checkpoints.map(({ summary }) => summary));
    this.definitions = next.definitions ?? {};
    const { names, definitions, measured } = this;
    this.columns = layerColumns({ names, definitions, measuredOf: measured.of }, this.rows);
    const known = this.rows.some(({ name }) => name === this.state.layer);
    this.change({ files, layer: known ? this.state.layer : (this.rows[0]?.name ?? null) });
  }

  /** Adds a spectrum; false if it is of another version or view. */
  receive(spectrum: CheckpointSpectrum): boolean {
    if (!this.measured.add(spectrum)) return false;
    this.knownHealth = null;
    if (spectrum.spectrum?.method !== 'estimate') this.computing.delete(spectrum.layer);
    return true;
  }

  /** Adds the counts of the other tensors; false if they are of another version. */
  takeValues({ version, checkpoints }: CheckpointValues): boolean {
    if (version !== this.version) return false;
    this.values = checkpoints;
    this.knownHealth = null;
    return true;
  }

  /** The counts and findings of the other tensors, for each checkpoint. */
  counted(): readonly CountedTensors[] {
    return this.health().map(({ byName }, place) => ({ values: this.values[place] ?? [], byName }));
  }

  /** The findings about the tensors of each checkpoint so far. */
  health(): readonly SideHealth[] {
    this.knownHealth ??= this.names.map((_, place) =>
      sideHealth(this.rows, place, this.measured.of, this.values[place] ?? []),
    );
    return this.knownHealth;
  }

  readonly warningsOf = (row: LayerRow): string[] =>
    rowWarnings(row, this.measured.of, this.names, this.health());

  arranged(): ReturnType<typeof arrangeRows> {
    const { open, state } = this;
    return arrangeRows(this.rows, { ...state, order: state.sort, open }, this.columns);
  }

  toggleBlock(pattern: string): void {
    if (!this.open.delete(pattern)) this.open.add(pattern);
  }

  /** Opens the block of a layer, and clears a filter that hides it. */
  uncover(layer: string): void {
    const row = this.rows.find(({ name }) => name === layer);
    if (!row) return;
    const { repeated } = layerOf(row);
    if (repeated !== null) this.open.add(repeated);
    const { filter } = this.state;
    if (!layer.toLowerCase().includes(filter.trim().toLowerCase())) this.change({ filter: '' });
  }

  /** The next layer with a warning below the selected one, wrapping around. */
  nextWarning(): string | null {
    const { layer } = this.state;
    const from = this.rows.findIndex(({ name }) => name === layer) + 1;
    const ring = [...this.rows.slice(from), ...this.rows.slice(0, from)];
    return ring.find((row) => this.warningsOf(row).length > 0)?.name ?? null;
  }

  /** What to measure: the selected layer, the visible ones, then those that match, then all others. */
  wanted(inView: readonly GridRow[]): string[] {
    // The layers of an open block are also in its own row.
    const matching = this.arranged().rows.flatMap((row) =>
      row.kind === 'layer' && row.inside ? [] : layersOf(row),
    );
    return wantedLayers(this.state.layer, [inView.flatMap(layersOf), matching, this.rows], this.measured.of);
  }

  /** Whether rows move when measures arrive. */
  get sortsByMeasures(): boolean {
    return this.columns.some(({ id, measured }) => measured && id === this.state.sort?.column);
  }

  get hasConvolutions(): boolean {
    return this.rows.some((row) => layerOf(row).kind === 'convolution');
  }

  counts(): LayerCounts {
    return countLayers(this.rows, this.measured.of, this.warningsOf);
  }

  /** Marks the selected layer as one whose exact values are being computed; null when none is selected. */
  computeExact(): string | null {
    const { layer } = this.state;
    if (layer !== null) this.computing.add(layer);
    return layer;
  }

  /** Everything about the selected layer. */
  selected(): DetailContent | null {
    const row = this.rows.find(({ name }) => name === this.state.layer);
    if (!row) return null;
    const sides = row.sides.map((layer, place) => ({
      name: this.names[place],
      layer,
      measured: this.measured.of(place, row.name),
    }));
    return {
      data: { layer: row.name, sides },
      definitions: this.definitions,
      warnings: this.warningsOf(row),
      computing: this.computing.has(row.name),
    };
  }
}
