import { type Disposable, EventEmitter } from 'vscode';

/** A layer, and the page that highlighted it, which knows that already; null if a command did. */
export interface HighlightChange {
  readonly layer: string | null;
  readonly from: unknown;
}

/** The layer that every panel and the tree highlight: highlighting it in one place highlights it in all. */
export class LayerHighlight implements Disposable {
  private layer: string | null = null;
  private readonly changed = new EventEmitter<HighlightChange>();
  readonly onDidChange = this.changed.event;

  get current(): string | null {
    return this.layer;
  }

  set(layer: string | null, from: unknown = null): void {
    if (layer === this.layer) return;
    this.layer = layer;
    this.changed.fire({ layer, from });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
