import { paced } from '../panel/pace.ts';

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
