/** A line that changes faster than a screen reader can read it: it is updated at most every `interval` ms. */
export interface PacedLine {
  /** Shows the line now, or as soon as the interval since the last one has passed. */
  offer(line: string): void;
  /** Shows the line now. */
  show(line: string): void;
  stop(): void;
}

export const createPacedLine = (announce: (line: string) => void, interval: number): PacedLine => {
  let waiting: string | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    waiting = null;
  };
  const show = (line: string): void => {
    stop();
    announce(line);
    timer = setTimeout(() => {
      timer = null;
      if (waiting !== null) show(waiting);
    }, interval);
  };
  return {
    offer: (line) => {
      if (timer === null) show(line);
      else waiting = line;
    },
    show,
    stop,
  };
};
