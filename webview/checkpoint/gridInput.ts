import { type GridSize, moveInGrid } from './gridKeys.ts';
import type { GridPlace } from './gridPlace.ts';

export interface GridInput {
  size(): GridSize;
  active(): GridPlace;
  /** Another cell becomes the active one. */
  onMove(place: GridPlace): void;
  /** A cell was clicked, or Enter or Space was pressed on the active one. */
  onPress(place: GridPlace): void;
}

const placeOf = (target: EventTarget | null): GridPlace | null => {
  const cell = (target as Element).closest<HTMLElement>('.cell');
  if (!cell) return null;
  const row = Number(cell.closest<HTMLElement>('.row')?.dataset.row ?? -1);
  return { row, column: Number(cell.dataset.column) };
};

/** Handles keys and clicks in a grid. */
export const listenToGrid = (root: HTMLElement, { size, active, onMove, onPress }: GridInput): void => {
  root.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey) return;
    const moved = moveInGrid(event.key, event.ctrlKey, active(), size());
    if (moved) onMove(moved);
    else if (event.key === 'Enter' || event.key === ' ') onPress(active());
    else return;
    event.preventDefault();
  });
  root.addEventListener('click', (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    onMove(place);
    onPress(place);
  });
};
