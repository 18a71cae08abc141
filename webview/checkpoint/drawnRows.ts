import { fill } from '../figures/element.ts';
/** The rows of a long table that are in the DOM. */
export interface DrawnRows {
  /** By their index in the table. */
  readonly nodes: ReadonlyMap<number, HTMLElement>;
  /** Adds these rows to the page and removes the others; rows that stay are not redrawn. */
  show(from: number, to: number): void;
  /** Redraws the rows for which `outdated` is true when they are next shown. */
  forget(outdated: (index: number) => boolean): void;
}

export const createDrawnRows = (body: HTMLElement, draw: (index: number) => HTMLElement): DrawnRows => {
  let nodes = new Map<number, HTMLElement>();
  return {
    get nodes() {
      return nodes;
    },
    show: (from, to) => {
      const next = new Map<number, HTMLElement>();
      for (let index = from; index < to; index++) next.set(index, nodes.get(index) ?? draw(index));
      nodes = next;
      const shown = [...next.values()];
      const same =
        shown.length === body.children.length && shown.every((node, i) => node === body.children[i]);
      if (!same) fill(body, shown);
    },
    forget: (outdated) => {
      for (const index of [...nodes.keys()]) if (outdated(index)) nodes.delete(index);
    },
  };
};
