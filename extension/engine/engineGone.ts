/** The process ended while something was asked of it, or before it could be asked anything. */
export class EngineGone extends Error {
  constructor(
    /** In words: `killed by SIGKILL`, `exit code 1`. */
    readonly reason: string,
    /** Whether it had started: one that never does will not do so the second time either. */
    readonly started: boolean,
    /** The last thing it said. */
    readonly lastWords: string,
  ) {
    super(`The engine process ended: ${reason}`);
  }
}
