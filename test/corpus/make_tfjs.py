"""Makes the TensorFlow.js models of this folder, good and hostile: python3 make_tfjs.py (numpy 1.24).

Written with numpy and json from the format's description (tfjs-core/src/io/types.ts). Each hostile manifest has one
defect; their messages are in tfjs/hostile.json, written by hand.
"""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "tfjs"
rng = np.random.default_rng(7)


def expected(dtype, values):
    wide = np.asarray(values, dtype="<f8", order="C")
    return {
        "dtype": dtype,
        "shape": list(wide.shape),
        "sha256": hashlib.sha256(wide.tobytes()).hexdigest(),
        "sum": float(wide.sum()),
    }


class Group:
    """Weights one after another, with the values that a reader must return."""

    def __init__(self):
        self.weights, self.data, self.expected = [], b"", {}

    def add(self, name, shape, dtype, data, values=None, spelled=None, **rest):
        self.weights.append({"name": name, "shape": list(shape), "dtype": dtype, **rest})
        self.data += data
        if values is not None:
            self.expected[name] = expected(spelled or dtype, values)
        return self

    def plain(self, name, values, dtype, **rest):
        return self.add(name, values.shape, dtype, values.tobytes(), values, **rest)

    def coded(self, name, codes, dtype, scale, low):
        values = codes.astype(np.float64) * scale + low
        values = np.floor(values + 0.5) if dtype == "int32" else values.astype(np.float32)
        quantization = {"dtype": codes.dtype.name, "scale": scale, "min": low, "original_dtype": dtype}
        spelled = f"{dtype} ({codes.dtype.name})"
        return self.add(name, codes.shape, dtype, codes.tobytes(), values, spelled, quantization=quantization)

    def half(self, name, values):
        stored = values.astype("<f2")
        return self.add(name, stored.shape, "float32", stored.tobytes(), stored, "float32 (float16)",
                        quantization={"dtype": "float16", "original_dtype": "float32"})


def text(*strings):
    return b"".join(struct.pack("<I", len(s.encode())) + s.encode() for s in strings)


def shards(folder, prefix, data, size):
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    names = [f"{prefix}-shard{i + 1}of{len(parts)}.bin" for i in range(len(parts))]
    for name, part in zip(names, parts):
        (folder / name).write_bytes(part)
    return names


def write(name, document, tensors):
    path = FOLDER / name
    path.write_text(json.dumps(document) + "\n")
    document = {"format": "TensorFlow.js", "tensors": tensors}
    path.with_name(path.name + ".expected.json").write_text(json.dumps(document, indent=1) + "\n")


def folder(name):
    path = FOLDER / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def f4(*shape):
    return rng.standard_normal(shape).astype("<f4")


def layers():
    first = Group()
    first.plain("conv2d/kernel", f4(3, 3, 2, 4), "float32").plain("conv2d/bias", f4(4), "float32")
    first.plain("steps", np.array([-(2**31), 2**31 - 1, 7], "<i4"), "int32")
    first.plain("mask", np.array([[True, False], [True, True]]), "bool")
    first.plain("empty", f4(0, 3), "float32").plain("scalar", f4(), "float32")
    first.plain("Adam/m", f4(2, 2), "float32", group="optimizer")
    first.add("complex", [2], "complex64", f4(2, 2).tobytes())
    second = Group()
    second.coded("dense/kernel", rng.integers(0, 256, (5, 6), dtype=np.uint8), "float32", 0.005431825039433498,
                 -0.7441600304023892)
    second.coded("wide/kernel", rng.integers(0, 65536, (4, 3)).astype("<u2"), "float32", 3.1e-5, -1.02)
    second.half("half/kernel", rng.standard_normal((3, 4)))
    second.coded("int/kernel", np.arange(256, dtype=np.uint8).reshape(16, 16), "int32", 0.5, -64.0)
    path = folder("layers")
    document = {
        "format": "layers-model",
        "generatedBy": "keras v2.4.0",
        "convertedBy": None,
        "modelTopology": {"keras_version": "2.4.0", "model_config": {"config": [{"weightsManifest": "é[{"}, -1e-7]}},
        "weightsManifest": [
            # No tensor begins where a shard does: 100 is not a multiple of their lengths.
            {"paths": shards(path, "group1", first.data, 100), "weights": first.weights},
            {"paths": shards(path, "group2", second.data, 4096), "weights": second.weights},
        ],
    }
    write("layers/model.json", document, {**first.expected, **second.expected})


def graph():
    group = Group().plain("a", f4(3, 2), "float32").add("words", [2], "string", text("x", "größer"))
    group.plain("b", f4(2, 2), "float32")
    path = folder("graph")
    manifest = [{"paths": shards(path, "group1", group.data, 4096), "weights": group.weights}]
    write("graph/model.json", {"format": "graph-model", "weightsManifest": manifest}, group.expected)


def bare():
    group = Group().coded("dense0/filters", rng.integers(0, 256, (3, 3, 3, 2), dtype=np.uint8), "float32", 0.01, -1.0)
    group.plain("dense0/bias", f4(2), "float32")
    path = folder("bare")
    manifest = [{"weights": group.weights, "paths": shards(path, "small", group.data, 4096)}]
    write("bare/small-weights_manifest.json", manifest, group.expected)


def missing():
    group = Group()
    for name in "abcde":
        group.plain(name, f4(5), "float32")
    path = folder("missing")
    # 100 bytes in shards of 30: the second contains the end of b and the start of c.
    names = shards(path, "group1", group.data, 30)
    (path / names[1]).unlink()
    tensors = {name: value for name, value in group.expected.items() if name in "ade"}
    write("missing/model.json", {"weightsManifest": [{"paths": names, "weights": group.weights}]}, tensors)


def hostile():
    path = folder("hostile")
    (path / "sixteen.bin").write_bytes(struct.pack("<4f", 1, 2, 3, 4))

    def one(paths=("sixteen.bin",), **weight):
        full = {"name": "a", "shape": [4], "dtype": "float32", **weight}
        full = {key: value for key, value in full.items() if value is not None}
        return json.dumps({"weightsManifest": [{"paths": list(paths), "weights": [full]}]})

    def coded(**quantization):
        return {"shape": [16], "quantization": quantization}

    nested = '{"weightsManifest":' + "[" * 5000
    files = {
        "shardShort": one(shape=[5]),
        "shardLong": one(shape=[3]),
        "shardTwice": one(paths=["sixteen.bin", "sixteen.bin"]),
        "noShards": one(paths=[]),
        "negative": one(shape=[-4]),
        "negativePair": one(shape=[-2, -2]),
        "fraction": one(shape=[4.5]),
        "shapeHuge": one(shape=[2**40, 2**40]),
        "extentHuge": one(shape=[2**60]),
        "shapeText": one(shape="4"),
        "rank": one(shape=[1] * 40),
        "dtype": one(dtype="float99"),
        "noName": one(name=None),
        "noShape": one(shape=None),
        "noDtype": one(dtype=None),
        "codes": one(**coded(dtype="int4", scale=1, min=0)),
        "noScale": one(**coded(dtype="uint8", min=0)),
        "noMin": one(**coded(dtype="uint8", scale=1)),
        "scaleText": one(**coded(dtype="uint8", scale="1", min=0)),
        "scaleHuge": one(**coded(dtype="uint8", scale=1, min=0)).replace('"scale": 1', '"scale": 1e999'),
        "boolCoded": one(dtype="bool", **coded(dtype="uint8", scale=1, min=0)),
        "intRange": one(dtype="int32", **coded(dtype="uint8", scale=1e9, min=0)),
        "nameTwice": json.dumps({"weightsManifest": [{"paths": ["sixteen.bin"], "weights": [
            {"name": "a", "shape": [2], "dtype": "float32"}, {"name": "a", "shape": [2], "dtype": "float32"}]}]}),
        "noPaths": json.dumps({"weightsManifest": [{"weights": []}]}),
        "noWeights": json.dumps({"weightsManifest": [{"paths": []}]}),
        "manifestTwice": '{"weightsManifest":[],"weightsManifest":[]}',
        "manifestObject": '{"weightsManifest":{}}',
        "noManifest": '{"modelTopology":{"weightsManifest":[]}}',
        "cut": one()[:60],
        "after": one() + "x",
        "nested": nested,
        "topologyNested": '{"modelTopology":' + "[" * 5000 + "]" * 5000 + ',"weightsManifest":[]}',
        "bareNested": '[{"weights":[],"paths":[[]]}]',
    }
    for name, content in files.items():
        (path / f"{name}.json").write_text(content)
    (path / "latin1.json").write_bytes(one(name="\xe9").encode("latin1").replace(b"\\u00e9", b"\xe9"))


if __name__ == "__main__":
    layers()
    graph()
    bare()
    missing()
    hostile()
