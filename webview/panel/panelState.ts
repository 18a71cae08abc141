import type { PanelState, PanelSubject } from '../../src/protocol/messages.ts';

const VERSION = 2;

export const panelState = (subjects: readonly PanelSubject[], layer: string | null): PanelState => ({
  version: VERSION,
  subjects: subjects.map(({ run, state }) => ({ run, state })),
  layer,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isSubject = (value: unknown): value is PanelSubject =>
  isRecord(value) && typeof value.run === 'string' && typeof value.state === 'string';

/** The state as another session wrote it; null if it has another version or shape and must not be used. */
export const readPanelState = (value: unknown): PanelState | null => {
  if (!isRecord(value) || value.version !== VERSION) return null;
  const { subjects, layer } = value;
  if (!Array.isArray(subjects) || !subjects.every(isSubject)) return null;
  if (layer !== null && typeof layer !== 'string') return null;
  return panelState(subjects, layer);
};
