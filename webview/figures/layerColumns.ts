import type { ScalePoint } from 'd3';
import type { Group } from './frame.ts';

/** Index of the layer whose strip contains `px` of the axis; -1 beside them. */
export const layerAt = (x: ScalePoint<string>, px: number): number => {
  const index = Math.floor(px / x.step());
  return px >= 0 && index < x.domain().length ? index : -1;
};

/** A shaded strip behind a plot that moves to the selected layer; draw it first. */
export const drawLayerStrip = (
  group: Group,
  x: ScalePoint<string>,
  height: number,
): ((index: number) => void) => {
  const strip = group.append('rect').attr('class', 'column selected').attr('height', height);
  // With many layers, strips would be too thin to be visible.
  const width = Math.max(3, x.step());
  return (index) => {
    const middle = index < 0 ? 0 : (x(x.domain()[index]) ?? 0);
    strip.attr('x', middle - width / 2).attr('width', index < 0 ? 0 : width);
  };
};
