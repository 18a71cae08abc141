import type { CheckpointSpectrum, CheckpointValues } from '../../../src/protocol/messages.ts';
import type { LayerColumn } from '../series/columns.ts';
import { layerColumns, shownColumns } from '../series/columns.ts';
import { type ProfileData, usuallyLog, usualMeasure } from '../series/depthProfile.ts';
import { filterRows, kindsOf, type LayerFilter, showing } from '../series/filter.ts';
import type { SideHealth } from '../series/health.ts';
import { countLayers, createMeasuredLayers, type LayerCounts, wantedLayers } from '../series/measured.ts';
import { arrangeRows, type GridRow, type LayerRow, layerOf, layerRows, layersOf } from '../series/rows.ts';
import type { CountedTensors } from '../series/tables.ts';
import { type Checkpoints, checkpointNames, type DetailContent } from './content.ts';
import { KnownHealth } from './knownHealth.ts';
import { type KeptState, START } from './pageState.ts';

/** The state of a page on one or two checkpoints: their layers, measures, and arrangement by the user. */
export class CheckpointModel {
  rows: readonly LayerRow[] = [];
  /** All of them; `shownColumns` are those that the table has. */
  columns: readonly LayerColumn[] = [];
  state: KeptState;
  private names: readonly string[] = [];
  private definitions: DetailContent['definitions'] = {};
  private readonly measured = createMeasuredLayers();
  private version = 0;
  private readonly known = new KnownHealth(this.measured.of);
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
    this.names = checkpointNames(next);
    this.rows = layerRows(next.checkpoints.map(({ summary }) => summary));
    this.known.begin(this.rows, this.names, next.version === this.version);
    this.version = next.version;
    this.definitions = next.definitions ?? {};
    const { names, definitions, measured } = this;
    this.columns = layerColumns({ names, definitions, measuredOf: measured.of }, this.rows);
    const known = this.rows.some(({ name }) => name === this.state.layer);
    const { layer, kind } = this.state;
    this.change({
      files,
      layer: known ? layer : (this.rows[0]?.name ?? null),
      kind: kind !== null && this.kinds().includes(kind) ? kind : null,
    });
  }

  /** Adds a spectrum; false if it is of another version or view. */
  receive(spectrum: CheckpointSpectrum): boolean {
    if (!this.measured.add(spectrum)) return false;
    this.known.forget();
    if (spectrum.spectrum?.method !== 'estimate') this.computing.delete(spectrum.layer);
    return true;
  }

  /** Adds the counts of the other tensors; false if they are of another version. */
  takeValues({ version, checkpoints }: CheckpointValues): boolean {
    if (version !== this.version) return false;
    this.known.takeValues(checkpoints);
    return true;
  }

  /** The counts and findings of the other tensors, for each checkpoint. */
  counted(): readonly CountedTensors[] {
    return this.known.counted();
  }

  /** The findings about the tensors of each checkpoint so far. */
  health(): readonly SideHealth[] {
    return this.known.sides();
  }

  readonly warningsOf = this.known.warningsOf;

  get filter(): LayerFilter {
    const { filter, kind, warned } = this.state;
    return { text: filter, kind, warned };
  }

  setFilter({ text, kind, warned }: LayerFilter): void {
    this.change({ filter: text, kind, warned });
  }

  kinds(): ReturnType<typeof kindsOf> {
    return kindsOf(this.rows);
  }

  /** The rows of the table, and how many layers match the filter. */
  arranged(): { readonly rows: readonly GridRow[]; readonly matching: number } {
    const { open, state } = this;
    const matching = this.matching();
    const rows = arrangeRows(matching, { ...state, order: state.sort, open }, this.columns);
    return { rows, matching: matching.length };
  }

  private matching(): readonly LayerRow[] {
    return filterRows(this.rows, this.filter, this.known.isWarned);
  }

  shownColumns(): readonly LayerColumn[] {
    return shownColumns(this.columns, this.state.columns);
  }

  /** Shows these columns beside the name, null the usual ones; the order by a column that is hidden ends. */
  chooseColumns(columns: readonly string[] | null): void {
    this.change({ columns });
    const { sort } = this.state;
    if (sort && !this.shownColumns().some(({ id }) => id === sort.column)) this.change({ sort: null });
  }

  /** What the depth profile draws: the layers that match the filter, folded or not. */
  profile(): ProfileData {
    const { rows, names, measured } = this;
    const { profile } = this.state;
    const measure = profile.measure ?? usualMeasure(rows, measured.of);
    const matching = new Set(this.matching());
    return {
      layers: rows.flatMap((row, index) => (matching.has(row) ? [{ depth: index + 1, row }] : [])),
      names,
      measuredOf: measured.of,
      measure,
      log: profile.log ?? usuallyLog(measure),
    };
  }

  toggleBlock(pattern: string): void {
    if (!this.open.delete(pattern)) this.open.add(pattern);
  }

  /** Opens the block of a layer, and clears the filters that hide it. */
  uncover(layer: string): void {
    const row = this.rows.find(({ name }) => name === layer);
    if (!row) return;
    const { repeated } = layerOf(row);
    if (repeated !== null) this.open.add(repeated);
    this.setFilter(showing(this.filter, row, this.known.isWarned));
  }

  /** The next layer with a warning below the selected one, wrapping around. */
  nextWarning(): string | null {
    const { layer } = this.state;
    const from = this.rows.findIndex(({ name }) => name === layer) + 1;
    const ring = [...this.rows.slice(from), ...this.rows.slice(0, from)];
    return ring.find(this.known.isWarned)?.name ?? null;
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
  get movesWithMeasures(): boolean {
    const { sort, warned } = this.state;
    return warned || this.columns.some(({ id, measured }) => measured && id === sort?.column);
  }

  get hasConvolutions(): boolean {
    return this.rows.some((row) => layerOf(row).kind === 'convolution');
  }

  counts(): LayerCounts {
    return countLayers(this.rows, this.measured.of, this.known.isWarned);
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
