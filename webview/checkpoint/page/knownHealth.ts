import type { TensorValues } from '../../../src/protocol/messages.ts';
import { type LayerWarning, type SideHealth, sideHealth } from '../series/health.ts';
import type { LayerRow, MeasuredOf } from '../series/rows.ts';
import type { CountedTensors } from '../series/tables.ts';
import { needsAttention, rowWarnings } from '../series/warnings.ts';

/**
 * What is wrong with the tensors of the checkpoints, as far as they were examined. It is found when it is asked for, and
 * kept until something arrives.
 */
export class KnownHealth {
  private rows: readonly LayerRow[] = [];
  private names: readonly string[] = [];
  /** Values of the tensors that are not layers, by the index of their checkpoint. */
  private values: readonly (readonly TensorValues[])[] = [];
  private found: readonly SideHealth[] | null = null;
  private readonly warnings = new Map<string, readonly LayerWarning[]>();

  constructor(private readonly measuredOf: MeasuredOf) {}

  /** Other layers, of the same version of the files or of another one, whose other tensors are not counted yet. */
  begin(rows: readonly LayerRow[], names: readonly string[], isSameVersion: boolean): void {
    [this.rows, this.names] = [rows, names];
    if (!isSameVersion) this.values = [];
    this.forget();
  }

  takeValues(values: readonly (readonly TensorValues[])[]): void {
    this.values = values;
    this.forget();
  }

  /** A layer was measured. */
  forget(): void {
    this.found = null;
    this.warnings.clear();
  }

  /** The findings about the tensors of each checkpoint so far. */
  sides(): readonly SideHealth[] {
    this.found ??= this.names.map((_, place) =>
      sideHealth(this.rows, place, this.measuredOf, this.values[place] ?? []),
    );
    return this.found;
  }

  /** The counts and findings of the other tensors, for each checkpoint. */
  counted(): readonly CountedTensors[] {
    return this.sides().map(({ byName }, place) => ({ values: this.values[place] ?? [], byName }));
  }

  /** The warnings of a layer, the worst first. */
  readonly warningsOf = (row: LayerRow): readonly LayerWarning[] => {
    const known = this.warnings.get(row.name);
    if (known) return known;
    const found = rowWarnings(row, this.measuredOf, this.names, this.sides());
    this.warnings.set(row.name, found);
    return found;
  };

  /** Whether a layer has an error or a warning. */
  readonly isWarned = (row: LayerRow): boolean => needsAttention(this.warningsOf(row));
}
