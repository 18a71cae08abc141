/**
 * Calls `act` at once, and then at most every `pause` ms however often it is requested; the last request is
 * never lost.
 */
export const paced = (act: () => void, pause: number): (() => void) => {
  let resting = false;
  let asked = false;
  const run = (): void => {
    asked = false;
    resting = true;
    setTimeout(() => {
      resting = false;
      if (asked) run();
    }, pause);
    act();
  };
  return () => {
    if (resting) asked = true;
    else run();
  };
};

/** Calls `act` once there was no request for `pause` ms. */
export const settled = (act: () => void, pause: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
};

/** Calls `act` with all names since its last call: at once, and then at most every `pause` ms. */
export const gathered = (
  act: (names: ReadonlySet<string>) => void,
  pause: number,
): ((name: string) => void) => {
  let names = new Set<string>();
  const run = paced(() => {
    const came = names;
    names = new Set();
    act(came);
  }, pause);
  return (name) => {
    names.add(name);
    run();
  };
};
