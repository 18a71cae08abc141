/**
 * Keeps the height of a part of the page and the focus in it while its content is drawn again; returns the function
 * that ends this. Without it, a page that is scrolled to its end would jump.
 */
export const holdPlace = (part: HTMLElement): (() => void) => {
  const focused = document.activeElement;
  const held = focused instanceof HTMLElement && part.contains(focused) ? focused : null;
  part.style.minHeight = `${part.offsetHeight}px`;
  return () => {
    part.style.minHeight = '';
    if (held?.isConnected && document.activeElement !== held) held.focus({ preventScroll: true });
  };
};
