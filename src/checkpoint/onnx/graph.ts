import { shown } from '../../protocol/index.ts';
import { type Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import { BYTES, type Field, type ProtobufFile, type Range } from '../bytes/protobuf.ts';
import type { Scaling } from '../quantised/scaling.ts';
import type { OnnxUse } from '../use.ts';
import {
  handsOn,
  isOpaque,
  mayBeWeight,
  type NodeNames,
  nameByUse,
  nodeLabel,
  UniqueNames,
} from './names.ts';
import { readNode } from './node.ts';
import { type PlacedUse, scaledTensors } from './scaledTensors.ts';
import { readSparseTensor } from './sparse.ts';
import { MAX_DEPTH } from './structure.ts';
import { type OnnxTensor, readTensorProto } from './tensor.ts';

/** More than the graph of any model has, and few enough to be kept in memory. */
const MAX_TENSORS = 100_000;
const MAX_USES = 100_000;
/** Limit of the memory for noted uses, so that they never make a model too large to open. */
const MAX_USES_BYTES = 2 ** 24;
/** Memory of a tensor besides its shape and its name, which is stored twice if it has a prefix. */
const TENSOR_BYTES = 6 * OBJECT_BYTES + MAP_PLACE_BYTES;
/** Memory of the use of a quantised tensor besides its names, including its map entry and its scaling. */
const SCALED_BYTES = 5 * OBJECT_BYTES + 3 * MAP_PLACE_BYTES;
/** Total characters of names that are kept. */
const MAX_TEXT = 2 ** 25;

/** Numbers of the fields of GraphProto. */
const NODE = 1;
const INITIALIZER = 5;
const SPARSE_INITIALIZER = 15;
const FUNCTION_NODE = 7;

/** Where a graph is in the model. */
export interface Place {
  /** Prefix of the names of its tensors; empty for the model's own graph. */
  readonly prefix: string;
  readonly depth: number;
  /** The graph of a training step, not of the model. */
  readonly training: boolean;
}

/** A tensor of the model, which gets its name and use after its whole graph has been read. */
export interface FoundTensor {
  readonly tensor: OnnxTensor;
  readonly training: boolean;
  name: string;
  usedBy?: OnnxUse;
  /** Scaling according to the nodes that take it as quantised numbers. */
  scaling?: Scaling;
}

/** The first use of a tensor: the name that an opaque tensor gets from it, and the operator, if it takes weights. */
interface Use {
  readonly byUse: string | null;
  readonly usedBy: OnnxUse | null;
}

/** The origin of a tensor that a node passes on. */
interface Origin {
  readonly name: string;
  readonly transposed: boolean;
}

/** A graph being read: names of the tensors in it, and of those that its nodes use. */
interface Scope {
  readonly place: Place;
  /** Offset of the graph's first byte. */
  readonly at: number;
  /** These two are created with their first entry, because a hostile model has millions of empty graphs. */
  uses: Map<string, Use> | null;
  origins: Map<string, Origin> | null;
  initializers: Set<string> | null;
  readonly found: FoundTensor[];
  nodes: number;
}

const NONE: ReadonlyMap<string, Use> = new Map();

/** Operands of these may be transposed, which keeps the singular values of a matrix. */
const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'FusedMatMul', 'FusedGemm']);

/** Memory of a tensor's shape, and of its reference to another file. */
const bytesOf = ({ shape, values }: OnnxTensor): number => {
  const texts = values?.kind === 'external' ? [...values.keys].flat() : [];
  return texts.reduce((sum, text) => sum + textBytes(text) + MAP_PLACE_BYTES / 2, 8 * shape.length);
};

/** Walks the graphs of a model and finds every tensor in them: initializers and Constants, sub-graphs included. */
export class GraphWalk {
  /** In the order of the file. */
  readonly found: FoundTensor[] = [];
  private readonly names = new UniqueNames();
  private readonly scaled: PlacedUse[] = [];
  private readonly prefixes = new Map<FoundTensor, string>();
  private uses = 0;
  private usesBytes = 0;
  private text = 0;

  constructor(
    private readonly file: ProtobufFile,
    private readonly allowance: Allowance,
  ) {}

  /** Walks a GraphProto. Returns the names that it uses but does not define, each with its first use. */
  async graph(range: Field, place: Place): Promise<ReadonlyMap<string, Use>> {
    const { file } = this;
    file.demand(range, BYTES, 'a graph');
    if (place.depth > MAX_DEPTH) throw file.fault(`has graphs more than ${MAX_DEPTH} levels deep`, range.at);
    return this.walk(range, place, (field, scope) => {
      if (field.number === NODE) return this.node(field, scope);
      if (field.number === INITIALIZER) return this.initializer(readTensorProto(file, field), scope);
      if (field.number === SPARSE_INITIALIZER) return this.initializer(readSparseTensor(file, field), scope);
    });
  }

  /** Walks the nodes of a FunctionProto. */
  async function(range: Field, place: Place): Promise<void> {
    await this.walk(range, place, (field, scope) => {
      if (field.number === FUNCTION_NODE) return this.node(field, scope);
    });
  }

  private async walk(
    range: Range,
    place: Place,
    visit: (field: Field, scope: Scope) => void | Promise<void>,
  ) {
    const scope: Scope = {
      place,
      at: range.start,
      uses: null,
      origins: null,
      initializers: null,
      found: [],
      nodes: 0,
    };
    await this.file.walk(range, (field) => visit(field, scope));
    this.name(scope);
    for (const { tensor } of scope.found) scope.uses?.delete(tensor.name);
    return scope.uses ?? NONE;
  }

  private async initializer(reading: Promise<OnnxTensor>, scope: Scope): Promise<void> {
    const tensor = await reading;
    scope.initializers ??= new Set();
    if (tensor.name !== '' && scope.initializers.has(tensor.name)) {
      throw this.file.fault(`has two initializers ${shown(tensor.name)} in one graph`, tensor.at);
    }
    scope.initializers.add(tensor.name);
    this.add(tensor, scope);
  }

  private async node(field: Field, scope: Scope): Promise<void> {
    const { names, inputs, subGraphs, constant, scaled } = await readNode(this.file, field, scope.nodes++);
    const hands = handsOn(names.operator);
    const [first] = inputs;
    if (hands !== null && first?.input === 0) this.handOn(first.name, names.output, hands, scope);
    for (const { name, input } of inputs) this.use(name, names, input, scope);
    if (constant !== null) this.add({ ...constant, name: names.output }, scope);
    const { prefix, depth, training } = scope.place;
    for (const use of scaled) this.noteScaled({ use, prefix }, scope.at);
    for (const { attribute, graph } of subGraphs) {
      const inner = { prefix: `${prefix}${nodeLabel(names)}/${attribute}/`, depth: depth + 1, training };
      for (const [name, use] of await this.graph(graph, inner)) this.note(name, use, scope);
    }
  }

  /** Records that `output` has the same values as `input`, as long as there is room. */
  private handOn(input: string, output: string, hands: 'as it is' | 'transposed', scope: Scope): void {
    if (output === '' || !this.hasRoom()) return;
    const before = scope.origins?.get(input);
    const transposed = hands === 'transposed' || before?.transposed === true;
    const origin = { name: before?.name ?? input, transposed };
    this.keep(scope, output);
    scope.origins ??= new Map();
    scope.origins.set(output, origin);
  }

  /**
   * Records what a node uses its input for: under its own name, and under that of the tensor that was passed on as it.
   */
  private use(name: string, node: NodeNames, input: number, scope: Scope): void {
    const { operator } = node;
    const takes = mayBeWeight(operator, input) && handsOn(operator) === null;
    const usedBy = takes ? ({ by: 'ONNX', operator, input } as const) : null;
    if (isOpaque(name) || takes) {
      this.note(name, { byUse: isOpaque(name) ? nameByUse(name, node, input) : null, usedBy }, scope);
    }
    const origin = takes ? scope.origins?.get(name) : undefined;
    if (origin === undefined || (origin.transposed && !PRODUCTS.has(operator))) return;
    this.note(origin.name, { byUse: null, usedBy }, scope);
  }

  /** Keeps the first informative use of each name, as long as there is room: uses are only hints. */
  private note(name: string, use: Use, scope: Scope): void {
    const known = scope.uses?.get(name);
    const byUse = known?.byUse ?? use.byUse;
    const usedBy = known?.usedBy ?? use.usedBy;
    if (known !== undefined && known.byUse === byUse && known.usedBy === usedBy) return;
    if (known === undefined) {
      if (!this.hasRoom()) return;
      this.keep(scope, name, byUse ?? '');
    }
    scope.uses ??= new Map();
    scope.uses.set(name, { byUse, usedBy });
  }

  private hasRoom(): boolean {
    return this.uses < MAX_USES && this.usesBytes < MAX_USES_BYTES;
  }

  private keep(scope: Scope, ...texts: readonly string[]): void {
    const bytes = texts.reduce((sum, text) => sum + textBytes(text), MAP_PLACE_BYTES + 2 * OBJECT_BYTES);
    this.uses++;
    this.usesBytes += bytes;
    this.spend(bytes, scope.at);
  }

  private noteScaled(placed: PlacedUse, at: number): void {
    if (this.scaled.length >= MAX_USES) return;
    const { tensor, scale, zero } = placed.use;
    this.spend(SCALED_BYTES + textBytes(tensor) + textBytes(scale) + textBytes(zero), at);
    this.scaled.push(placed);
  }

  /** Sets the scaling of each tensor that nodes take as quantised numbers; called after the last graph. */
  stateScalings(): void {
    if (this.scaled.length === 0) return;
    const graphs = new Map<string, Map<string, FoundTensor>>();
    for (const found of this.found) {
      const prefix = this.prefixes.get(found) ?? '';
      const graph = graphs.get(prefix) ?? new Map<string, FoundTensor>();
      graphs.set(prefix, graph.set(found.tensor.name, found));
    }
    const none = new Map<string, FoundTensor>();
    const scalings = scaledTensors(this.scaled, (prefix) => graphs.get(prefix) ?? none);
    for (const [found, scaling] of scalings) found.scaling = scaling;
  }

  private spend(bytes: number, at: number): void {
    this.allowance.spend(bytes, (what) => this.file.fault(what, at));
  }

  private add(tensor: OnnxTensor, { place, found }: Scope): void {
    this.text += tensor.name.length + place.prefix.length;
    if (this.found.length === MAX_TENSORS) {
      throw this.file.fault(`has more than ${MAX_TENSORS} tensors`, tensor.at);
    }
    if (this.text > MAX_TEXT)
      throw this.file.fault(`has names of more than ${MAX_TEXT} characters`, tensor.at);
    const copies = place.prefix === '' ? 1 : 2;
    this.spend(TENSOR_BYTES + copies * textBytes(place.prefix + tensor.name) + bytesOf(tensor), tensor.at);
    const entry: FoundTensor = { tensor, training: place.training, name: tensor.name };
    this.found.push(entry);
    found.push(entry);
    if (place.prefix !== '') this.prefixes.set(entry, place.prefix);
  }

  private name({ place, uses, found }: Scope): void {
    for (const entry of found) {
      const { name } = entry.tensor;
      const { byUse = null, usedBy = null } = uses?.get(name) ?? {};
      const speaking = isOpaque(name) ? (byUse ?? name) : name;
      if (usedBy !== null) entry.usedBy = usedBy;
      entry.name = this.names.take(place.prefix + (speaking === '' ? 'unnamed' : speaking));
    }
  }
}
