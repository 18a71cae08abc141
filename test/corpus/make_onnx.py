"""Makes the ONNX files of test/corpus/onnx with the format's own package, and what it reads from them.

Made with onnx 1.23.1, numpy 2.4.6, ml_dtypes 0.6.0, protobuf 7.36.2. Run it as `python make_onnx.py`: the same
versions give the same bytes.
"""

import hashlib
import json
import struct
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent / "onnx"
HOSTILE = FOLDER / "hostile"
TYPES = {
    "FLOAT": np.float32,
    "DOUBLE": np.float64,
    "FLOAT16": np.float16,
    "BFLOAT16": ml_dtypes.bfloat16,
    "UINT8": np.uint8,
    "INT8": np.int8,
    "UINT16": np.uint16,
    "INT16": np.int16,
    "UINT32": np.uint32,
    "INT32": np.int32,
    "UINT64": np.uint64,
    "INT64": np.int64,
    "BOOL": np.bool_,
    "FLOAT8E4M3FN": ml_dtypes.float8_e4m3fn,
    "FLOAT8E4M3FNUZ": ml_dtypes.float8_e4m3fnuz,
    "FLOAT8E5M2": ml_dtypes.float8_e5m2,
    "FLOAT8E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
    "FLOAT8E8M0": ml_dtypes.float8_e8m0fnu,
    "UINT4": ml_dtypes.uint4,
    "INT4": ml_dtypes.int4,
    "FLOAT4E2M1": ml_dtypes.float4_e2m1fn,
    "UINT2": ml_dtypes.uint2,
    "INT2": ml_dtypes.int2,
}


def values(kind: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Values that cover the codes of the type, including the ends of its range."""
    rng = np.random.default_rng(seed)
    dtype = TYPES[kind]
    count = int(np.prod(shape))
    if kind == "BOOL":
        flat = rng.integers(0, 2, count).astype(bool)
    elif kind in ("INT64", "UINT64"):
        low = 0 if kind == "UINT64" else -(2**53) + 1
        flat = rng.integers(low, 2**53, count).astype(dtype)
        flat[:2] = [low, 2**53 - 1]
    elif kind.startswith(("INT", "UINT")):
        info = ml_dtypes.iinfo(dtype)
        flat = rng.integers(int(info.min), int(info.max) + 1, count).astype(dtype)
        flat[:2] = [int(info.min), int(info.max)]
    elif kind == "FLOAT8E8M0":
        flat = (2.0 ** rng.integers(-20, 20, count)).astype(dtype)
    elif kind == "FLOAT4E2M1":
        flat = rng.choice([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.5, -1, -6], count).astype(dtype)
    else:
        flat = rng.standard_normal(count).astype(dtype)
    return flat.reshape(shape)


def described(array: np.ndarray, dtype: str) -> dict:
    """What a reader must find: SHA-256 of the values as little-endian float64 in row-major order, and their sum."""
    wide = np.ascontiguousarray(array.astype(np.float64)).astype("<f8")
    return {
        "dtype": dtype,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(wide.tobytes()).hexdigest(),
        "sum": float(wide.sum()),
    }


def save(name: str, data: bytes, tensors: dict[str, dict]) -> None:
    (FOLDER / name).write_bytes(data)
    text = json.dumps({"format": "ONNX", "tensors": tensors}, indent=1)
    (FOLDER / f"{name}.expected.json").write_text(text + "\n")


def model(graph: onnx.GraphProto, **more) -> onnx.ModelProto:
    opsets = [helper.make_opsetid("", 21)]
    return helper.make_model(graph, producer_name="corpus", producer_version="1", ir_version=10, opset_imports=opsets, **more)


def read_back(tensor: TensorProto, base: str = "") -> dict:
    return described(numpy_helper.to_array(tensor, base), TensorProto.DataType.Name(tensor.data_type))


def types_model(raw: bool) -> None:
    tensors = []
    for seed, kind in enumerate(TYPES):
        array = values(kind, (3, 5), seed)
        number = TensorProto.DataType.Value(kind)
        if raw:
            tensors.append(helper.make_tensor(f"layer.{kind}", number, array.shape, array, raw=True))
        else:
            tensors.append(helper.make_tensor(f"layer.{kind}", number, array.shape, array.flatten()))
    tensors.append(helper.make_tensor("scalar", TensorProto.FLOAT, [], [1.5]))
    tensors.append(helper.make_tensor("none", TensorProto.FLOAT, [0, 4], []))
    expected = {tensor.name: read_back(tensor) for tensor in tensors}
    # Listed, but not read.
    tensors.append(helper.make_tensor("complex", TensorProto.COMPLEX64, [2], [1 + 2j, 3j]))
    tensors.append(helper.make_tensor("text", TensorProto.STRING, [2], ["a", "b"]))
    tensors.append(helper.make_tensor("six", TensorProto.FLOAT6E2M3, [4], np.zeros(4, ml_dtypes.float6_e2m3fn)))
    graph = helper.make_graph([], "types", [], [], tensors)
    save("raw.onnx" if raw else "fields.onnx", model(graph).SerializeToString(deterministic=True), expected)


def tensor(name: str, shape: tuple[int, ...], seed: int, kind: str = "FLOAT") -> TensorProto:
    return numpy_helper.from_array(values(kind, shape, seed), name)


def branch(name: str, tensors: list[TensorProto], nodes: list, output: str) -> onnx.GraphProto:
    return helper.make_graph(nodes, name, [], [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], tensors)


def graphs_model() -> None:
    """Names that exporters give, Constants of each kind, nested graphs, a function, training, sparse."""
    expected = {}

    def put(name: str, proto: TensorProto) -> TensorProto:
        expected[name] = read_back(proto)
        return proto

    query = put("encoder.layer.0.query.weight (onnx::MatMul_12)", tensor("onnx::MatMul_12", (4, 4), 1))
    second = put("encoder.layer.0.query.weight (onnx::MatMul_13)", tensor("onnx::MatMul_13", (4, 4), 2))
    numeric = put("conv_out.weight (7)", tensor("7", (2, 3, 3, 3), 3))
    bias = put("conv_out.bias (8)", tensor("8", (2,), 4))
    lstm = put("LSTM_4.R (9)", tensor("9", (1, 8, 2), 5))
    named = put("decoder.weight", tensor("decoder.weight", (3, 4), 6))
    unused = put("99", tensor("99", (2,), 7))
    empty = put("unnamed", tensor("", (2,), 8))
    second_empty = put("unnamed (2)", tensor("", (3,), 9))
    sparse = helper.make_sparse_tensor(tensor("sparse", (2,), 10), helper.make_tensor("at", TensorProto.INT64, [2], [1, 4]), [3, 2])

    inner = put("if_1/then_branch/loop_1/body/w", tensor("w", (2, 2), 11))
    body = branch("body", [inner], [helper.make_node("MatMul", ["x", "w"], ["o"])], "o")
    then_weight = put("if_1/then_branch/w", tensor("w", (2, 3), 12))
    constant_in = put("if_1/then_branch/c", tensor("", (2,), 13))
    then_nodes = [
        helper.make_node("Constant", [], ["c"], value=constant_in),
        helper.make_node("Loop", ["n", "t", "x"], ["o"], name="loop_1", body=body),
        # An opaque tensor of the outer graph, first used here.
        helper.make_node("Gemm", ["x", "val_3"], ["p"], name="inner_gemm"),
    ]
    outer = put("inner_gemm.weight (val_3)", tensor("val_3", (2, 5), 14))
    then_branch = branch("then", [then_weight], then_nodes, "o")
    else_weight = put("if_1/else_branch/w", tensor("w", (2, 4), 15))
    else_branch = branch("else", [else_weight], [], "w")

    value = put("/head/Constant_output_0", tensor("its own name", (2, 2), 16))
    nodes = [
        helper.make_node("MatMul", ["x", "onnx::MatMul_12"], ["q"], name="/encoder/layer.0/query/MatMul"),
        helper.make_node("MatMul", ["q", "onnx::MatMul_13"], ["r"], name="/encoder/layer.0/query/MatMul_1"),
        helper.make_node("Conv", ["r", "7", "8"], ["conv_out"]),
        helper.make_node("Relu", ["conv_out"], ["10"]),
        helper.make_node("LSTM", ["10", "decoder.weight", "9"], ["11"]),
        helper.make_node("Constant", [], ["/head/Constant_output_0"], value=value),
        helper.make_node("Constant", [], ["number"], value_float=2.5),
        helper.make_node("Constant", [], ["numbers"], value_floats=[0.5, -1.0, 3.0]),
        helper.make_node("Constant", [], ["integer"], value_int=-7),
        helper.make_node("Constant", [], ["integers"], value_ints=[1, -2, 2**40]),
        helper.make_node("Constant", [], ["text"], value_string="a"),
        helper.make_node("Constant", [], ["thin"], sparse_value=sparse),
        helper.make_node("If", ["b"], ["y"], name="if_1", then_branch=then_branch, else_branch=else_branch),
    ]
    expected["number"] = described(np.float32(2.5), "FLOAT")
    expected["numbers"] = described(np.array([0.5, -1, 3], np.float32), "FLOAT")
    expected["integer"] = described(np.int64(-7), "INT64")
    expected["integers"] = described(np.array([1, -2, 2**40]), "INT64")

    in_function = put("Scale/factor", tensor("", (2,), 17))
    function = helper.make_function("local", "Scale", ["x"], ["y"], [helper.make_node("Constant", [], ["factor"], value=in_function)], [helper.make_opsetid("", 21)])
    moments = put("training/moments", tensor("moments", (3, 4), 18))
    training = onnx.TrainingInfoProto(algorithm=helper.make_graph([], "adam", [], [], [moments]))

    weights = [query, second, numeric, bias, lstm, named, unused, empty, second_empty, outer]
    graph = helper.make_graph(nodes, "graphs", [], [], weights, sparse_initializer=[sparse])
    whole = model(graph, functions=[function], doc_string="A model of names. " * 200)
    whole.training_info.append(training)
    helper.set_model_props(whole, {"author": "nobody", "opset": "its own"})
    save("graphs.onnx", whole.SerializeToString(deterministic=True), expected)


def external_model() -> None:
    tensors = [tensor("a", (2, 3), 1), tensor("half", (4,), 2, "FLOAT16"), tensor("nibbles", (3, 3), 3, "INT4")]
    expected = {each.name: read_back(each) for each in tensors}
    expected["tied"] = expected["a"]
    blob = b"\0" * 8
    for each in tensors:
        offset = len(blob)
        blob += each.raw_data + b"\0" * (-len(each.raw_data) % 8)
        length = len(each.raw_data)
        each.ClearField("raw_data")
        external(each, location="data/external.bin", offset=str(offset), length=str(length))
    tied = TensorProto(name="tied", dims=[2, 3], data_type=TensorProto.FLOAT)
    external(tied, location="data/external.bin", offset="8")
    (FOLDER / "data").mkdir(exist_ok=True)
    (FOLDER / "data" / "external.bin").write_bytes(blob)

    def bad(name: str, **keys: str) -> TensorProto:
        return external(TensorProto(name=name, dims=[2, 3], data_type=TensorProto.FLOAT), **keys)

    refused = [
        bad("missing", location="missing.bin"),
        bad("outside", location="../graphs.onnx"),
        bad("hidden outside", location="data/../../x"),
        bad("backslash", location="..\\x"),
        bad("absolute", location="/etc/passwd"),
        bad("drive", location="C:\\x"),
        bad("folder", location="data"),
        bad("beyond", location="data/external.bin", offset=str(len(blob) - 8)),
        bad("far", location="data/external.bin", offset="9007199254740991"),
        bad("negative", location="data/external.bin", offset="-8"),
        bad("huge", location="data/external.bin", offset="99999999999999999999"),
        bad("short", location="data/external.bin", length="23"),
        bad("words", location="data/external.bin", length="all"),
        bad("nameless", offset="0"),
    ]
    graph = helper.make_graph([], "external", [], [], [*tensors, tied, *refused])
    save("external.onnx", model(graph).SerializeToString(deterministic=True), expected)


def external(each: TensorProto, **keys: str) -> TensorProto:
    each.data_location = TensorProto.EXTERNAL
    for key, value in keys.items():
        each.external_data.add(key=key, value=value)
    return each


# The wire format by hand, for fields that the package does not write.


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if value == 0:
            return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def message(field: int, data: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(data)) + data


def fixed32(field: int, value: float) -> bytes:
    return varint(field << 3 | 5) + struct.pack("<f", value)


def proto_tensor(name: str, dims: list[int], kind: int, data: bytes) -> bytes:
    return b"".join(number(1, d) for d in dims) + number(2, kind) + message(8, name.encode()) + data


def proto_external(dims: list[int], location: bytes, offset: bytes) -> bytes:
    keys = [(b"location", location), (b"offset", offset)]
    entries = b"".join(message(13, message(1, key) + message(2, value)) for key, value in keys)
    return proto_tensor("w", dims, 1, entries + number(14, 1))


def proto_model(*fields: bytes) -> bytes:
    return number(1, 8) + message(2, b"corpus") + message(7, b"".join(fields))


def wire_model() -> None:
    """Fields in orders and forms that writers may choose: not packed, in pieces, dims packed."""
    unpacked = b"".join(fixed32(4, x) for x in (1.5, -2.5, 0.25))
    pieces = fixed32(4, 1) + message(4, struct.pack("<2f", 2, 3)) + message(4, b"") + fixed32(4, 4)
    integers = number(5, -1) + message(5, varint(-128) + varint(127)) + number(5, 0)
    doubles = varint(10 << 3 | 1) + struct.pack("<d", 0.1) + message(10, struct.pack("<d", 1e300))
    longs = number(7, 5) + message(7, varint(-(2**53) + 1) + varint(-1))
    tensors = [
        proto_tensor("unpacked", [3], 1, unpacked),
        proto_tensor("pieces", [2, 2], 1, pieces),
        proto_tensor("integers", [4], 3, integers),
        proto_tensor("doubles", [2], 11, doubles),
        proto_tensor("longs", [3], 7, longs),
        # Data before dims, dims packed, the name last and twice: the last one counts.
        message(9, struct.pack("<2f", 7, 8)) + message(8, b"first") + number(2, 1) + message(1, varint(1) + varint(2)) + message(8, b"packed"),
    ]
    nodes = [
        # value_ints packed, and a Constant whose attribute comes before its operator.
        message(5, message(8, varint(3) + varint(-4)) + message(1, b"value_ints")) + message(2, b"listed") + message(4, b"Constant"),
    ]
    expected = {
        "unpacked": described(np.array([1.5, -2.5, 0.25]), "FLOAT"),
        "pieces": described(np.array([[1.0, 2], [3, 4]]), "FLOAT"),
        "integers": described(np.array([-1, -128, 127, 0]), "INT8"),
        "doubles": described(np.array([0.1, 1e300]), "DOUBLE"),
        "longs": described(np.array([5, -(2**53) + 1, -1]), "INT64"),
        "packed": described(np.array([[7.0, 8]]), "FLOAT"),
        "listed": described(np.array([3, -4]), "INT64"),
    }
    # Initializers before nodes, the graph before the version, fields of a later version in between.
    graph = b"".join(message(5, t) for t in tensors) + b"".join(message(1, n) for n in nodes) + message(99, b"later") + number(98, 5)
    data = message(7, graph) + message(8, number(2, 21)) + number(1, 8)
    onnx.load_model_from_string(data)
    save("wire.onnx", data, expected)


def hostile_files() -> None:
    floats = struct.pack("<6f", *range(6))
    good = proto_tensor("w", [2, 3], 1, message(9, floats))
    initializer = message(5, good)
    nested = message(5, proto_tensor("deep", [1], 1, fixed32(4, 1)))
    for _ in range(60):
        nested = message(1, message(4, b"If") + message(5, message(1, b"then_branch") + message(6, nested)))
    files = {
        "two-graphs": proto_model(initializer) + message(7, initializer),
        "cut-off": proto_model(initializer)[:-5],
        "cut-varint": proto_model(initializer) + b"\x80",
        "long-varint": proto_model(initializer) + number(5, 0)[:1] + b"\xff" * 11,
        "cut-fixed": proto_model(initializer) + b"\x5d\0\0",
        "long-inside": proto_model(varint(5 << 3 | 2) + varint(2**62) + good),
        "longer-than-parent": number(1, 8) + message(7, varint(5 << 3 | 2) + varint(len(good)) + good[:-4]) + message(3, b"\0" * 64),
        "group": proto_model(initializer, b"\x0b\x0c"),
        "wire-type-7": proto_model(initializer, b"\x0f"),
        "field-zero": proto_model(initializer, b"\x00\x01"),
        "field-huge": proto_model(initializer, varint(2**40 + 8) + b"\x01"),
        "tensor-is-number": proto_model(number(5, 3)),
        "negative-extent": proto_model(message(5, proto_tensor("w", [2, -3], 1, message(9, floats)))),
        "huge-extent": proto_model(message(5, proto_tensor("w", [2**62], 1, message(9, floats)))),
        "huge-shape": proto_model(message(5, proto_tensor("w", [2**31, 2**31, 2], 1, message(9, floats)))),
        "many-dimensions": proto_model(message(5, proto_tensor("w", [1] * 100, 1, message(9, floats[:4])))),
        "raw-too-short": proto_model(message(5, proto_tensor("w", [2, 4], 1, message(9, floats)))),
        "raw-too-long": proto_model(message(5, proto_tensor("w", [5], 1, message(9, floats)))),
        "raw-of-large-shape": proto_model(message(5, proto_tensor("w", [2**40], 1, message(9, floats)))),
        "nibbles-too-long": proto_model(message(5, proto_tensor("w", [3], 22, message(9, b"\0\0\0")))),
        "floats-too-few": proto_model(message(5, proto_tensor("w", [2, 4], 1, message(4, floats)))),
        "floats-in-pieces": proto_model(message(5, proto_tensor("w", [1], 1, message(4, b"\0\0\0")))),
        "integers-too-few": proto_model(message(5, proto_tensor("w", [9], 3, message(5, b"\1" * 8)))),
        "wrong-field": proto_model(message(5, proto_tensor("w", [1], 1, message(10, b"\0" * 8)))),
        "two-fields": proto_model(message(5, proto_tensor("w", [2, 3], 1, message(9, floats) + message(4, floats)))),
        "field-as-number": proto_model(message(5, proto_tensor("w", [1], 1, number(4, 1)))),
        "same-name": proto_model(initializer, initializer),
        "long-name": proto_model(message(5, proto_tensor("n" * 5000, [2, 3], 1, message(9, floats)))),
        "deep": proto_model(nested),
        "many-keys": proto_model(message(5, proto_tensor("w", [1], 1, number(14, 1) + b"".join(message(13, message(1, b"%d" % i)) for i in range(20))))),
        "constant-twice": proto_model(message(1, message(2, b"c") + message(4, b"Constant") + message(5, message(1, b"value_int") + number(3, 1) + number(3, 2)))),
        "wide-integer": proto_model(message(5, proto_tensor("w", [2], 7, number(7, 1) + number(7, 2**63 - 1)))),
        "integer-out-of-range": proto_model(message(5, proto_tensor("w", [2], 2, number(5, 255) + number(5, 256)))),
        "integers-too-many": proto_model(message(5, proto_tensor("w", [2], 6, message(5, b"\1\1\1")))),
        "integers-in-wide-numbers": proto_model(message(5, proto_tensor("w", [2], 6, message(5, varint(-1) + b"\1\1")))),
        "external-outside": proto_model(message(5, proto_external([2, 3], b"../external.onnx", b"0"))),
        "external-absolute": proto_model(message(5, proto_external([2, 3], b"/etc/passwd", b"0"))),
        "external-missing": proto_model(message(5, proto_external([2, 3], b"missing.bin", b"0"))),
        "external-beyond": proto_model(message(5, proto_external([2, 3], b"deep.onnx", b"1570"))),
        "sparse-without-values": proto_model(message(15, number(3, 5))),
    }
    HOSTILE.mkdir(exist_ok=True)
    for name, data in files.items():
        (HOSTILE / f"{name}.onnx").write_bytes(data)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    types_model(raw=True)
    types_model(raw=False)
    graphs_model()
    external_model()
    wire_model()
    hostile_files()
