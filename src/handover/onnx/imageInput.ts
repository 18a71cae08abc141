import { ELEMENT_TYPE, type ElementType, GraphBuilder, type OnnxGraph } from '../../runtime/index.ts';
import type { TappedLayer } from '../../sources/index.ts';

type Images = NonNullable<TappedLayer['images']>;

/**
 * What makes the input of a model from decoded images: uint8 [batch, height, width, channels] to
 * (x * scale - mean) / deviation with the axes and type that the model takes.
 */
export const imageInput = (
  { port, preprocessing, isChannelsFirst }: Images,
  name: string,
  batch: number | string,
): OnnxGraph => {
  const { crop, channels, scale, mean, deviation } = preprocessing;
  const graph = new GraphBuilder('pentimento/images/');
  const perChannel = (values: readonly number[]): string =>
    graph.constant('float32', [values.length], new Uint8Array(Float32Array.from(values).buffer));
  const pixels = graph.input(name, 'uint8', [batch, ...crop, mean.length]);
  const floats = graph.node('Cast', [pixels], { to: ELEMENT_TYPE.float32 });
  const ordered =
    channels === 'bgr' ? graph.node('Gather', [floats, graph.integers([2, 1, 0])], { axis: 3 }) : floats;
  const scaled = graph.node('Mul', [ordered, perChannel([scale])]);
  const centred = graph.node('Sub', [scaled, perChannel(mean)]);
  const normalised = graph.node('Div', [centred, perChannel(deviation)]);
  const placed = isChannelsFirst ? graph.node('Transpose', [normalised], { perm: [0, 3, 1, 2] }) : normalised;
  const type = port.type as ElementType;
  const typed = type === 'float32' ? placed : graph.node('Cast', [placed], { to: ELEMENT_TYPE[type] });
  graph.output(port.name, typed, type, []);
  return graph.finish('pentimento/images');
};
