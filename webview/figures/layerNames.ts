import type { ScalePoint } from 'd3';
import { drawNames, type NameAxis, type NameMark } from './axis.ts';
import type { Group } from './frame.ts';

/** Names of the layers below a plot, as many as fit; the highlighted one is always shown. */
export const drawLayerNames = (
  group: Group,
  x: ScalePoint<string>,
  axis: NameAxis,
  onSelect: (layer: string) => void,
): NameMark => {
  const layers = x.domain();
  const positions = layers.map((layer) => x(layer) ?? 0);
  return drawNames(group, positions, axis, (index) => onSelect(layers[index]));
};
