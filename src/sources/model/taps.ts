import type { GraphNode, GraphStructure } from '../../checkpoint/index.ts';

/** A tensor of a graph that can be a layer. */
export interface Tap {
  readonly tensor: string;
  /** The operator that makes it; `input` for an input of the model. */
  readonly operator: string;
}

/** Operators whose output is the block that a residual sum ends. */
const AFTER_SUM = new Set([
  'Relu',
  'LeakyRelu',
  'PRelu',
  'Clip',
  'Gelu',
  'LayerNormalization',
  'BatchNormalization',
  'HardSwish',
  'Silu',
]);
const SUMS = new Set(['Add', 'Sum', 'SkipLayerNormalization', 'SkipSimplifiedLayerNormalization']);
const ACTIVATIONS = new Set([
  'Relu',
  'LeakyRelu',
  'PRelu',
  'Clip',
  'Gelu',
  'FastGelu',
  'Sigmoid',
  'Tanh',
  'HardSwish',
  'Elu',
  'Selu',
  'Softplus',
  'Mish',
  'Silu',
  'Swish',
]);
const PRODUCTS = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm', 'Conv', 'FusedConv']);
const POOLS = new Set(['GlobalAveragePool', 'GlobalMaxPool']);
const PASSED_ON = new Set(['Flatten', 'Reshape', 'Squeeze', 'Identity', 'Dropout', 'Cast']);

/** Operators of a head: what else comes first ends it. */
const IN_HEAD = new Set([
  ...['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm', 'Add', 'Softmax', 'LogSoftmax'],
  ...['BatchNormalization', 'LayerNormalization', 'LpNormalization', 'Div'],
  ...ACTIVATIONS,
  ...PASSED_ON,
]);

/** Steps back from one input of a sum to the other: a block has some ten or a hundred operators. */
const MOST_STEPS = 400;
/** Layers by default, at most. */
const MOST_TAPS = 40;

/** Who makes each tensor, and who takes it. */
class Wiring {
  readonly makers = new Map<string, GraphNode>();
  readonly takers = new Map<string, GraphNode[]>();
  /** Tensors that depend on an input of the model. */
  readonly live: Set<string>;

  constructor({ nodes, inputs }: GraphStructure) {
    this.live = new Set(inputs);
    for (const node of nodes) {
      const isLive = [...node.inputs, ...node.captured].some((name) => this.live.has(name));
      for (const output of node.outputs) {
        this.makers.set(output, node);
        if (isLive) this.live.add(output);
      }
      for (const input of new Set(node.inputs)) {
        const own = this.takers.get(input);
        if (own === undefined) this.takers.set(input, [node]);
        else own.push(node);
      }
    }
  }

  /** Whether `tensor` is computed from `origin`, within a block. */
  comesFrom(tensor: string, origin: string): boolean {
    const waiting = [tensor];
    const seen = new Set<string>();
    while (waiting.length > 0 && seen.size < MOST_STEPS) {
      const name = waiting.pop()!;
      if (name === origin) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      for (const input of this.makers.get(name)?.inputs ?? []) if (this.live.has(input)) waiting.push(input);
    }
    return false;
  }

  only(tensor: string): GraphNode | null {
    const takers = this.takers.get(tensor) ?? [];
    return takers.length === 1 ? takers[0] : null;
  }
}

/** Every tensor that depends on the input, in the order in which they are computed; the inputs first. */
export const allTaps = (graph: GraphStructure): Tap[] => {
  const { live } = new Wiring(graph);
  return [
    ...graph.inputs.map((tensor) => ({ tensor, operator: 'input' })),
    ...graph.nodes.flatMap(({ operator, outputs }) =>
      outputs.filter((tensor) => tensor !== '' && live.has(tensor)).map((tensor) => ({ tensor, operator })),
    ),
  ];
};

/** The layers of a model by default, and the head on top of it. */
export interface DefaultTaps {
  readonly taps: readonly string[];
  /** The representation that a head of linear layers takes, and what it gives; null without a head. */
  readonly head: { readonly before: string; readonly after: string } | null;
}

/**
 * The layers of a model by default: what enters the first block, the output of each residual block (behind the activation or
 * normalisation that only it enters), the pooled representation, the layers of a head, and the outputs. A model without residual
 * blocks has its activations in their place.
 */
export const defaultTaps = (graph: GraphStructure): DefaultTaps => {
  const wiring = new Wiring(graph);
  const blocks = residualBlocks(graph, wiring);
  const head = headLayers(graph, wiring);
  const chosen = new Set(blocks.length > 0 ? blocks : activations(graph, wiring));
  for (const tensor of [...pools(graph, wiring), ...head, ...graph.outputs]) chosen.add(tensor);
  const order = allTaps(graph).map(({ tensor }) => tensor);
  const taps = thinned(order.filter((tensor) => chosen.has(tensor) && !graph.inputs.includes(tensor)));
  const before = head.at(-1);
  const [after] = graph.outputs;
  const isHead = before !== undefined && taps.includes(before) && taps.includes(after) && before !== after;
  return { taps, head: isHead ? { before, after } : null };
};

const residualBlocks = ({ nodes }: GraphStructure, wiring: Wiring): string[] => {
  const found: string[] = [];
  for (const node of nodes) {
    const skip = skipOf(node, wiring);
    if (skip === null) continue;
    if (found.length === 0 && wiring.makers.has(skip)) found.push(skip);
    found.push(ended(node.outputs[0], wiring));
  }
  return lastOfBlocks(found, wiring);
};

/** A block of a transformer has two sums, of which the last one is its output. */
const lastOfBlocks = (tensors: readonly string[], wiring: Wiring): string[] => {
  const blocks = tensors.map((tensor) => blockOf(wiring.makers.get(tensor)?.name ?? ''));
  return tensors.filter((_, at) => blocks[at] === null || blocks[at + 1] !== blocks[at]);
};

/** The beginning of a path up to the element that numbers a block: `/encoder/layers.0`. */
const blockOf = (path: string): string | null => {
  const elements = path.split('/');
  const at = elements.findIndex((element) => /\.\d+$/.test(element));
  return at < 0 ? null : elements.slice(0, at + 1).join('/');
};

/** The input of a sum that the other one is computed from; null if neither is. */
const skipOf = ({ operator, inputs }: GraphNode, wiring: Wiring): string | null => {
  if (!SUMS.has(operator)) return null;
  const [a, b] = inputs.filter((name) => wiring.live.has(name));
  if (a === undefined || b === undefined || a === b) return null;
  // A branch may have a projection on its skip: then both come from the tensor before.
  if (wiring.comesFrom(b, a)) return a;
  if (wiring.comesFrom(a, b)) return b;
  return sharedOrigin(a, b, wiring);
};

/** The tensor, a few operators back, that both branches of a block with a projected skip begin with. */
const sharedOrigin = (a: string, b: string, wiring: Wiring): string | null => {
  for (const [short, long] of [
    [a, b],
    [b, a],
  ]) {
    let name = short;
    for (let step = 0; step < 4; step++) {
      const maker = wiring.makers.get(name);
      const live = maker?.inputs.filter((input) => wiring.live.has(input)) ?? [];
      if (live.length !== 1) break;
      [name] = live;
      if ((wiring.takers.get(name)?.length ?? 0) > 1 && wiring.comesFrom(long, name)) return name;
    }
  }
  return null;
};

/** Follows a sum through the activation or normalisation that alone takes it. */
const ended = (tensor: string, wiring: Wiring): string => {
  let name = tensor;
  for (let next = following(name, wiring); next !== null; next = following(name, wiring)) name = next;
  return name;
};

/** What an activation or normalisation makes of a tensor that nothing else takes; null if there is none. */
const following = (tensor: string, wiring: Wiring): string | null => {
  const only = wiring.only(tensor);
  if (only !== null) return AFTER_SUM.has(only.operator) ? only.outputs[0] : null;
  return normalised(tensor, wiring);
};

/**
 * A layer normalisation in single operators, as models before opset 17 have it: the tensor and its mean are subtracted, divided by
 * the root of the variance, multiplied and shifted.
 */
const normalised = (tensor: string, wiring: Wiring): string | null => {
  const takers = wiring.takers.get(tensor) ?? [];
  const centred = takers.find(({ operator }) => operator === 'Sub');
  const isNorm =
    takers.length === 2 && centred !== undefined && takers.some(({ operator }) => operator === 'ReduceMean');
  if (!isNorm) return null;
  let name: string | null = centred.outputs[0];
  let found: string | null = null;
  for (const operator of ['Div', 'Mul', 'Add']) {
    const next: GraphNode | undefined = (wiring.takers.get(name) ?? []).find(
      (taker) => taker.operator === operator,
    );
    if (next === undefined) break;
    [name] = next.outputs;
    found = name;
  }
  return found;
};

const activations = ({ nodes }: GraphStructure, wiring: Wiring): string[] =>
  nodes.flatMap(({ operator, outputs: [tensor] }) =>
    ACTIVATIONS.has(operator) && wiring.live.has(tensor) ? [ended(tensor, wiring)] : [],
  );

/** Pooled representations. What a squeeze-and-excitation block pools only scales the tensor that it comes from. */
const pools = ({ nodes }: GraphStructure, wiring: Wiring): string[] =>
  nodes.flatMap(({ operator, inputs: [source], outputs: [tensor] }) => {
    if (!POOLS.has(operator)) return [];
    const isGate = (wiring.takers.get(source) ?? []).some(
      (taker) =>
        taker.operator === 'Mul' &&
        taker.inputs.some((input) => input !== source && wiring.comesFrom(input, tensor)),
    );
    return isGate ? [] : [tensor];
  });

/** Products behind the last pooling or block, in a row: each layer of a head, behind its activation. */
const headLayers = ({ outputs }: GraphStructure, wiring: Wiring): string[] => {
  const found: string[] = [];
  for (const output of outputs) {
    let name = output;
    for (let step = 0; step < 12; step++) {
      const maker = wiring.makers.get(name);
      const live = maker?.inputs.filter((input) => wiring.live.has(input)) ?? [];
      if (maker === undefined || live.length !== 1 || !IN_HEAD.has(maker.operator)) break;
      if (ACTIVATIONS.has(maker.operator) || PRODUCTS.has(maker.operator)) found.push(name);
      // What the first layer of the head takes is the representation before it.
      if (PRODUCTS.has(maker.operator)) found.push(behindShapes(live[0], wiring));
      [name] = live;
    }
  }
  return found;
};

/** The tensor before operators that only change its shape. */
const behindShapes = (tensor: string, wiring: Wiring): string => {
  let name = tensor;
  for (let maker = wiring.makers.get(name); maker !== undefined && PASSED_ON.has(maker.operator); ) {
    [name] = maker.inputs;
    maker = wiring.makers.get(name);
  }
  return name;
};

/** At most so many, evenly spaced, with the first and the last. */
export const thinned = (taps: readonly string[]): string[] => {
  if (taps.length <= MOST_TAPS) return [...taps];
  const chosen = Array.from({ length: MOST_TAPS }, (_, i) =>
    Math.round((i * (taps.length - 1)) / (MOST_TAPS - 1)),
  );
  return [...new Set(chosen)].map((at) => taps[at]);
};

/** Whether the nearest product behind a tensor is a convolution, whose channels come before its positions. */
export const isConvolved = ({ nodes }: GraphStructure, tensor: string): boolean => {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let maker = makers.get(tensor);
  for (let step = 0; step < MOST_STEPS && maker !== undefined; step++) {
    if (/Conv|GlobalAveragePool|GlobalMaxPool|MaxPool|AveragePool|BatchNormalization/.test(maker.operator))
      return true;
    // Behind a convolution, a transposition makes tokens of positions, with the channels last.
    if (PRODUCTS.has(maker.operator) || /LayerNormalization|Gather|Transpose/.test(maker.operator))
      return false;
    const [next] = maker.inputs.flatMap((input) => makers.get(input) ?? []);
    maker = next;
  }
  return false;
};
