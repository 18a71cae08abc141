/** Calls `act` once there was no request for `pause` ms. */
export const settled = (act: () => void, pause: number): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause);
  };
};
