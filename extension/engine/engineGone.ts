/** The process ended during a request, or before it could take any. */
export class EngineGone extends Error {
  constructor(
    /** In words: `killed by SIGKILL`, `exit code 1`. */
    readonly reason: string,
    /** Whether it had started: one that never started will not start the second time either. */
    readonly started: boolean,
    /** Its last output. */
    readonly lastWords: string,
  ) {
    super(`The engine process ended: ${reason}`);
  }
}
