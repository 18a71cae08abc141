/** Calls `act` once nobody has asked for `pause` ms. */
export const settled = (act: () => void, pause: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
};
