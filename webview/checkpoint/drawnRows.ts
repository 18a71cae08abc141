import { fill } from '../figures/element.ts';
/** The rows of a long table that are in the page. */
export interface DrawnRows {
  /** By their place in the table. */
  readonly nodes: ReadonlyMap<number, HTMLElement>;
  /** Puts these rows into the page and takes the others out; those that stay are not drawn anew. */
  show(from: number, to: number): void;
  /** Has the rows for which `outdated` holds drawn anew when they are next shown. */
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
