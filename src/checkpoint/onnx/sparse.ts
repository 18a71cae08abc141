import { BYTES, type Field, type ProtobufFile } from '../bytes/protobuf.ts';
import { countOf, type OnnxTensor, readTensorProto } from './tensor.ts';
import { readDims } from './tensorDraft.ts';

/** Reads a SparseTensorProto (values 1, indices 2, dims 3), which is listed under the name of its values, not read. */
export const readSparseTensor = async (file: ProtobufFile, range: Field): Promise<OnnxTensor> => {
  file.demand(range, BYTES, 'a sparse tensor');
  const found: { values: OnnxTensor | null } = { values: null };
  const shape: number[] = [];
  await file.walk(range, async (field) => {
    if (field.number === 1) found.values = await readTensorProto(file, field);
    else if (field.number === 3) await readDims(file, field, shape);
  });
  if (found.values === null) throw file.fault('has a sparse tensor without values', range.at);
  const { name, type } = found.values;
  countOf(file, { at: range.at, name, shape });
  return {
    name,
    type,
    shape,
    bytes: range.end - range.start,
    at: range.at,
    values: null,
    unreadable: 'is a sparse tensor, which is not read here',
  };
};
