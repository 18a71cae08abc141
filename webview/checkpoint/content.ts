import type { CheckpointPageContent, WeightMeasure } from '../../src/protocol/index.ts';
import type { LayerFigureData } from '../series/weightFigure.ts';

/** One checkpoint, or two that are compared. */
export type Checkpoints = Extract<CheckpointPageContent, { kind: 'checkpoints' }>;

/** Names that tell the two apart: of two files of one name, by their letters. */
export const checkpointNames = ({ checkpoints }: Checkpoints): string[] => {
  const names = checkpoints.map(({ name }) => name);
  return new Set(names).size === names.length
    ? names
    : names.map((name, place) => `${name} (${'AB'[place] ?? place + 1})`);
};

/** How far the measuring is, in layers. */
export interface LayerCounts {
  readonly layers: number;
  readonly measured: number;
  /** Of the measured ones: without a spectrum, and with a warning. */
  readonly failed: number;
  readonly warned: number;
}

/** What there is to say of the selected layer. */
export interface DetailContent {
  readonly data: LayerFigureData;
  readonly definitions: Readonly<Partial<Record<WeightMeasure, string>>>;
  readonly warnings: readonly string[];
  /** Whether the exact values are being computed. */
  readonly computing: boolean;
}
