import { type Disposable, EventEmitter } from 'vscode';

/** The layer that every panel and the tree highlight: highlighting it in one place highlights it in all. */
export class LayerHighlight implements Disposable {
  private layer: string | null = null;
  private readonly changed = new EventEmitter<string | null>();
  readonly onDidChange = this.changed.event;

  get current(): string | null {
    return this.layer;
  }

  set(layer: string | null): void {
    if (layer === this.layer) return;
    this.layer = layer;
    this.changed.fire(layer);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
