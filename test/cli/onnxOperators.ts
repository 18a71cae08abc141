/** The part of the protobuf wire format that is needed to list the operators of an ONNX model. */

type Field = readonly [number: number, value: number | Uint8Array];

/** The varint at an offset, and the offset after it. */
function varint(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    value += (bytes[at] & 0x7f) * scale;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

function* fields(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = varint(bytes, at);
    const [value, next] = varint(bytes, start);
    const kind = tag & 7;
    if (kind === 0) yield [tag >> 3, value];
    if (kind === 2) yield [tag >> 3, bytes.subarray(next, next + value)];
    at = { 0: next, 1: start + 8, 2: next + value, 5: start + 4 }[kind] ?? Number.NaN;
  }
}

const messages = (bytes: Uint8Array, number: number): Uint8Array[] =>
  [...fields(bytes)].flatMap(([field, value]) =>
    field === number && typeof value !== 'number' ? [value] : [],
  );

const text = (bytes: Uint8Array, number: number): string =>
  Buffer.concat(messages(bytes, number)).toString('utf8');

export interface Operators {
  /** Domains that the model imports; '' is the standard one. */
  readonly domains: readonly string[];
  readonly nodes: readonly { readonly operator: string; readonly domain: string }[];
}

/** ModelProto: graph 7, opset_import 8 (domain 1); GraphProto: node 1; NodeProto: op_type 4, domain 7. */
export function onnxOperators(model: Uint8Array): Operators {
  const nodes = messages(model, 7).flatMap((graph) => messages(graph, 1));
  return {
    domains: messages(model, 8).map((opset) => text(opset, 1)),
    nodes: nodes.map((node) => ({ operator: text(node, 4), domain: text(node, 7) })),
  };
}
