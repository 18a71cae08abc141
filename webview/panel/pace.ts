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
