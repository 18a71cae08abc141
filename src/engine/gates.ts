/** Gates that pause trainings between two steps, one for each run folder. */
export class Gates {
  private readonly closed = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>();

  close(folder: string): void {
    if (this.closed.has(folder)) return;
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.closed.set(folder, { opened, open });
  }

  open(folder: string): void {
    this.closed.get(folder)?.open();
    this.closed.delete(folder);
  }

  /** Undefined if the gate is open; else a promise that resolves once it opens, or once `signal` aborts. */
  wait(folder: string, signal: AbortSignal): Promise<void> | undefined {
    const gate = this.closed.get(folder);
    if (gate === undefined || signal.aborted) return undefined;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return Promise.race([gate.opened, aborted]);
  }
}
