"""Makes the GGUF files of this folder, good and hostile: python3 make_gguf.py (gguf 0.19.0, numpy 2.4.6).

Good files are written, and their quantised numbers expanded, by the gguf package; version 1, version 2 and the block
types that it does not expand (Q8_K) are written here with struct from the format's description (ggml, docs/gguf.md).
Each hostile file is a good one with one defect; their messages are in gguf/hostile.json, written by hand.
"""

import hashlib
import json
import struct
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Q
from gguf import GGUFEndian

FOLDER = Path(__file__).parent / "gguf"
rng = np.random.default_rng(20240)


def expected(dtype, values):
    wide = np.asarray(values, dtype="<f8", order="C")
    return {
        "dtype": dtype,
        "shape": list(wide.shape),
        "sha256": hashlib.sha256(wide.tobytes()).hexdigest(),
        "sum": float(wide.sum()),
    }


def write_expected(name, tensors):
    text = json.dumps({"format": "GGUF", "tensors": tensors}, indent=1)
    (FOLDER / f"{name}.expected.json").write_text(text + "\n")


# Where 16- and 32-bit fields are in a block, besides plain bytes.
FIELDS = {
    Q.Q4_0: [(0, "f2")], Q.Q4_1: [(0, "f2"), (2, "f2")], Q.Q5_0: [(0, "f2"), (2, "u4")],
    Q.Q5_1: [(0, "f2"), (2, "f2"), (4, "u4")], Q.Q8_0: [(0, "f2")], Q.Q2_K: [(80, "f2"), (82, "f2")],
    Q.Q3_K: [(108, "f2")], Q.Q4_K: [(0, "f2"), (2, "f2")], Q.Q5_K: [(0, "f2"), (2, "f2")],
    Q.Q6_K: [(208, "f2")], Q.Q8_K: [(0, "f4")], Q.IQ2_XS: [], Q.TQ1_0: [], Q.IQ4_NL: [(0, "f2")],
}


def random_blocks(kind, rows, blocks):
    """Random bytes with valid scales: every code and every packed scale occurs, unlike in quantised real numbers."""
    size = gguf.GGML_QUANT_SIZES[kind][1]
    data = rng.integers(0, 256, (rows * blocks, size), dtype=np.uint8)
    for at, field in FIELDS[kind]:
        if field == "u4":
            continue
        scales = rng.uniform(-0.1, 0.1, rows * blocks).astype(f"<{field}")
        data[:, at : at + scales.itemsize] = scales.view(np.uint8).reshape(len(data), -1)
    return data.reshape(rows, blocks * size)


def swapped(kind, data):
    size = gguf.GGML_QUANT_SIZES[kind][1]
    blocks = data.reshape(-1, size).copy()
    for at, field in FIELDS[kind]:
        width = int(field[1])
        blocks[:, at : at + width] = blocks[:, at : at + width][:, ::-1]
    return blocks.reshape(data.shape)


def expand(kind, data):
    if kind != Q.Q8_K:
        return gguf.quants.dequantize(data, kind)
    blocks = data.reshape(-1, 292)
    scale = np.ascontiguousarray(blocks[:, :4]).view("<f4")
    codes = np.ascontiguousarray(blocks[:, 4:260]).view(np.int8)
    return (scale * codes.astype(np.float32)).reshape(data.shape[0], -1)


READ = [Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0, Q.Q2_K, Q.Q3_K, Q.Q4_K, Q.Q5_K, Q.Q6_K, Q.Q8_K]
QUANTISED = {kind: random_blocks(kind, 3, 2) for kind in READ}
REAL = rng.standard_normal((4, 64)).astype(np.float32)

PLAIN = {
    "f32": ("F32", rng.standard_normal((3, 5)).astype(np.float32)),
    "f16": ("F16", rng.standard_normal((2, 3, 4)).astype(np.float16)),
    "f64": ("F64", rng.standard_normal(7)),
    "i8": ("I8", np.array([[-128, 0], [5, 127]], np.int8)),
    "i16": ("I16", np.array([-32768, 32767, 1], np.int16)),
    "i32": ("I32", np.array([-(2**31), 2**31 - 1], np.int32)),
    "i64": ("I64", np.array([-(2**53) + 1, 2**53 - 1, 0], np.int64)),
    "conv": ("F32", rng.standard_normal((2, 3, 3, 2)).astype(np.float32)),
}
BF16 = (rng.standard_normal((2, 4)).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


def write_package(name, endian):
    writer = gguf.GGUFWriter(FOLDER / name, "test", endianess=endian)
    writer.add_name("Größe " + "x" * 300)
    writer.add_array("tokenizer.ggml.tokens", ["<s>", "a\n", "ü", "d", "e"])
    writer.add_array("test.pair", [1, 2])
    writer.add_float32("test.epsilon", 1e-5)
    writer.add_float64("test.double", 0.1)
    writer.add_bool("test.flag", True)
    writer.add_uint64("test.wide", 2**63)
    writer.add_int8("test.small", -3)
    writer.add_custom_alignment(64)
    tensors = {}
    little = endian == GGUFEndian.LITTLE
    for key, (dtype, values) in PLAIN.items():
        writer.add_tensor(key, values)
        tensors[key] = expected(dtype, values)
    writer.add_tensor("bf16", BF16.view(np.uint8) if little else BF16.byteswap().view(np.uint8), raw_dtype=Q.BF16)
    tensors["bf16"] = expected("BF16", (BF16.astype(np.uint32) << 16).view(np.float32))
    for kind, data in QUANTISED.items():
        writer.add_tensor(kind.name.lower(), data if little else swapped(kind, data), raw_dtype=kind)
        tensors[kind.name.lower()] = expected(kind.name, expand(kind, data))
    for kind in (Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0):
        data = gguf.quants.quantize(REAL, kind)
        writer.add_tensor(f"real.{kind.name}", data if little else swapped(kind, data), raw_dtype=kind)
        tensors[f"real.{kind.name}"] = expected(kind.name, expand(kind, data))
    for kind in (Q.IQ2_XS, Q.TQ1_0, Q.IQ4_NL):
        writer.add_tensor(f"not.read.{kind.name}", random_blocks(kind, 1, 1), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write_expected(name, tensors)


class Header:
    """Writes a header field by field, so that any field can be wrong."""

    def __init__(self, version=3, tensors=1, values=0, magic=b"GGUF"):
        self.wide = version > 1
        self.out = bytearray(magic + struct.pack("<I", version) + self.count(tensors) + self.count(values))

    def count(self, n):
        return struct.pack("<Q" if self.wide else "<I", n)

    def text(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        return self.count(len(data)) + data

    def value(self, key, kind, data):
        self.out += self.text(key) + struct.pack("<I", kind) + data
        return self

    def tensor(self, name, dims, kind, offset, rank=None):
        self.out += self.text(name) + struct.pack("<I", len(dims) if rank is None else rank)
        self.out += b"".join(self.count(d) for d in dims) + struct.pack("<IQ", kind, offset)
        return self

    def file(self, data=b"", alignment=32):
        pad = -len(self.out) % alignment
        return bytes(self.out) + bytes(pad) + data


def write_old(version):
    name = f"version{version}.gguf"
    values = np.arange(6, dtype="<f4").reshape(2, 3)
    header = Header(version, 2, 2)
    header.value("general.architecture", 8, header.text("old"))
    header.value("nested", 9, struct.pack("<I", 9) + header.count(2)
                 + struct.pack("<I", 4) + header.count(2) + struct.pack("<II", 1, 2)
                 + struct.pack("<I", 8) + header.count(1) + header.text("x"))
    header.tensor("a", [3, 2], 0, 0).tensor("scalar", [], 0, 32)
    (FOLDER / name).write_bytes(header.file(values.tobytes() + bytes(8) + struct.pack("<f", 2.5)))
    write_expected(name, {"a": expected("F32", values), "scalar": expected("F32", np.float32(2.5))})


def write_hostile():
    four = struct.pack("<4f", 1, 2, 3, 4)
    huge = 2**64 - 1

    def one(name="a", dims=(4,), kind=0, offset=0, data=four, **rest):
        return Header().tensor(name, dims, kind, offset, **rest).file(data)

    def valued(key, kind, data):
        return Header(values=1).value(key, kind, data).tensor("a", [4], 0, 0).file(four)

    align = "general.alignment"
    u32 = lambda n: struct.pack("<I", n)
    u64 = lambda n: struct.pack("<Q", n)
    deep = b"".join(u32(9) + u64(1) for _ in range(8)) + u32(4) + u64(1) + u32(1)
    files = {
        "short": b"GGUF\x03",
        "version4": Header(version=4).file(),
        "version0": Header(version=0).file(),
        "tensorCount": Header(tensors=huge).file(bytes(64)),
        "valueCount": Header(values=2**40).file(bytes(64)),
        "stringLength": valued("key", 8, u64(2**50)),
        "stringLengthWide": valued("key", 8, u64(huge)),
        "keyLength": Header(values=1).value(b"k" * 70000, 4, u32(1)).tensor("a", [4], 0, 0).file(four),
        "keyTwice": Header(values=2).value("k", 4, u32(1)).value("k", 4, u32(1)).tensor("a", [4], 0, 0).file(four),
        "valueType": valued("key", 13, bytes(8)),
        "listType": valued("key", 9, u32(77) + u64(1) + u32(1)),
        "listLength": valued("key", 9, u32(10) + u64(2**61) + u64(1)),
        "listDepth": valued("key", 9, deep),
        "listTextLength": valued("key", 9, u32(8) + u64(5) + (u64(1) + b"x") * 3 + u64(2**62) + u64(0)),
        "alignment0": valued(align, 4, u32(0)),
        "alignment48": valued(align, 4, u32(48)),
        "alignmentHuge": valued(align, 4, u32(2**31)),
        "alignmentType": valued(align, 10, u64(32)),
        "rank5": one(dims=(1, 1, 1, 1, 4)),
        "rankHuge": one(rank=2**32 - 1),
        "extentHuge": one(dims=(huge,)),
        "shapeHuge": one(dims=(2**40, 2**40)),
        "blocks": one(dims=(40,), kind=2, data=bytes(64)),
        "offsetOdd": one(offset=4, data=four * 4),
        "offsetBeyond": one(offset=64),
        "offsetHuge": one(offset=2**64 - 32),
        "cutData": one(data=four[:15]),
        "unknownBeyond": one(kind=99, offset=2**50),
        "nameTwice": Header(tensors=2).tensor("a", [4], 0, 0).tensor("a", [4], 0, 32).file(four * 4),
        "overlap": Header(tensors=2).tensor("a", [16], 0, 0).tensor("b", [4], 0, 32).file(four * 4),
        "nameLength": one(name="n" * 2000),
        "nameBytes": one(name=b"\xff\xfe"),
        "cutHeader": bytes(Header(tensors=1).tensor("a", [4], 0, 0).out[:-3]),
    }
    for name, data in files.items():
        (FOLDER / "hostile" / f"{name}.gguf").write_bytes(data)


if __name__ == "__main__":
    (FOLDER / "hostile").mkdir(parents=True, exist_ok=True)
    write_package("little.gguf", GGUFEndian.LITTLE)
    write_package("big.gguf", GGUFEndian.BIG)
    write_old(1)
    write_old(2)
    write_hostile()
