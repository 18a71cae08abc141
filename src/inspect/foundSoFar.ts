import type { LayerAnalysis } from '../protocol/index.ts';
import type { ExaminationState } from '../sources/index.ts';
import type { LayerMoments } from './wholeMoments.ts';

/** What an examination had found when it was ended. */
export interface ExaminedSoFar {
  readonly state: ExaminationState;
  /** By layer. */
  readonly moments: ReadonlyMap<string, LayerMoments>;
}

/** Where an inspection keeps what it has found, so that it continues there when it was ended. */
export interface FoundSoFar {
  /** Whether so much was found since the last time that it is worth keeping. */
  isDue(): boolean;
  /** Null when there is none of this version of the samples. */
  examined(stamp: string): Promise<ExaminedSoFar | null>;
  keepExamined(stamp: string, found: ExaminedSoFar): Promise<void>;
  /** Layers that were measured on the same samples. */
  layers(dataHash: string): Promise<readonly LayerAnalysis[]>;
  keepLayers(dataHash: string, layers: readonly LayerAnalysis[]): Promise<void>;
}
