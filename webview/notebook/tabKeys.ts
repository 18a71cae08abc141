/** The place that a key leads to from the tab at `place`; undefined for other keys. */
export const placeAfter = (key: string, place: number, count: number): number | undefined => {
  switch (key) {
    case 'ArrowLeft':
      return (place + count - 1) % count;
    case 'ArrowRight':
      return (place + 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
};
