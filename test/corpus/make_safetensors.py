"""Writes safetensors/: good files by the format's own writer, hostile ones by hand, and the expected results.

Made with Python 3.11, numpy 1.24.2, ml_dtypes 0.5.4, safetensors 0.8.0, torch 1.13 (shards of PyTorch).
Run as: python3 make_safetensors.py, in this folder. Messages in hostile.json are kept: they are written by hand.
"""
import hashlib
import json
import os
import struct

import ml_dtypes
import numpy as np
import torch
from safetensors.numpy import save

FOLDER = 'safetensors'
rng = np.random.default_rng(20261124)


def expected(values):
    """(dtype, array) of each tensor -> the expected values. NaN has the quiet bits 7ff8000000000000."""
    tensors = {}
    for name, (dtype, array) in values.items():
        wide = np.array(array).astype('<f8')
        wide[np.isnan(wide)] = np.nan
        total = float(wide.sum())
        tensors[name] = {'dtype': dtype, 'shape': list(wide.shape),
                         'sha256': hashlib.sha256(np.ascontiguousarray(wide).tobytes()).hexdigest(),
                         'sum': total if np.isfinite(total) else None}
    return tensors


def put(name, data):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)


def describe(name, form, values):
    put(name + '.expected.json', json.dumps({'format': form, 'tensors': expected(values)}, indent=1).encode() + b'\n')


def by_hand(header, data=b''):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack('<Q', len(text)) + text + data


def codes(dtype):
    return np.arange(256, dtype=np.uint8).view(dtype).reshape(16, 16)


def every_type():
    values = {
        'bool': ('BOOL', np.array([True, False, True])),
        'u8': ('U8', np.array([0, 255], 'u1')), 'i8': ('I8', np.array([-128, 127], 'i1')),
        'u16': ('U16', np.array([0, 65535], '<u2')), 'i16': ('I16', np.array([-32768, 32767], '<i2')),
        'u32': ('U32', np.array([0, 2**32 - 1], '<u4')), 'i32': ('I32', np.array([-2**31, 2**31 - 1], '<i4')),
        'u64': ('U64', np.array([0, 2**53 - 1], '<u8')), 'i64': ('I64', np.array([1 - 2**53, 2**53 - 1], '<i8')),
        'f16': ('F16', np.arange(65536, dtype='<u2')[::37].copy().view('<f2')),
        'bf16': ('BF16', np.arange(65536, dtype='<u2')[::37].copy().view(ml_dtypes.bfloat16)),
        'f32': ('F32', rng.normal(size=(3, 4, 5)).astype('<f4')),
        'f64': ('F64', rng.normal(size=(7,))), 'scalar': ('F32', np.array(2.5, '<f4')),
        'none': ('F32', np.zeros((0, 4), '<f4')),
        'f8/e4m3': ('F8_E4M3', codes(ml_dtypes.float8_e4m3fn)),
        'f8/e4m3fnuz': ('F8_E4M3FNUZ', codes(ml_dtypes.float8_e4m3fnuz)),
        'f8/e5m2': ('F8_E5M2', codes(ml_dtypes.float8_e5m2)),
        'f8/e5m2fnuz': ('F8_E5M2FNUZ', codes(ml_dtypes.float8_e5m2fnuz)),
        'f8/e8m0': ('F8_E8M0', codes(ml_dtypes.float8_e8m0fnu)),
    }
    put('every.safetensors', save({name: array for name, (_, array) in values.items()}, {'für': 'alle'}))
    describe('every.safetensors', 'safetensors', values)


def packed():
    """Two 4-bit floats per byte, the first in the low bits; and types that are listed but not read."""
    nibbles = rng.integers(0, 16, 32).astype('u1')
    nibbles[:16] = np.arange(16)
    values = {'f4': ('F4', nibbles.view(ml_dtypes.float4_e2m1fn).reshape(4, 8))}
    data = (nibbles[0::2] | nibbles[1::2] << 4).tobytes()
    header = {'f4': {'dtype': 'F4', 'shape': [4, 8], 'data_offsets': [0, 16]},
              'f6': {'dtype': 'F6_E2M3', 'shape': [4], 'data_offsets': [16, 19]},
              'c64': {'dtype': 'C64', 'shape': [1], 'data_offsets': [19, 27]}}
    put('packed.safetensors', by_hand(header, data + bytes(11)))
    describe('packed.safetensors', 'safetensors', values)


def unaligned():
    """As early writers wrote it: the data begins at an odd byte, and tensors are in any order of types."""
    a, b = np.array([1, 2, 3], 'u1'), rng.normal(size=(2, 2)).astype('<f4')
    header = {'b': {'dtype': 'F32', 'shape': [2, 2], 'data_offsets': [3, 19]},
              'a': {'dtype': 'U8', 'shape': [3], 'data_offsets': [0, 3]}}
    text = json.dumps(header).encode()
    text += b' ' * ((len(text) + 1) % 2)
    put('unaligned.safetensors', by_hand(b' \n' + text, a.tobytes() + b.tobytes()))
    describe('unaligned.safetensors', 'safetensors', {'a': ('U8', a), 'b': ('F32', b)})


def index(files, **metadata):
    return json.dumps({'metadata': metadata, 'weight_map': files}, indent=2).encode()


def sharded():
    first = {'embed.weight': rng.normal(size=(5, 4)).astype('<f4'), 'layer.0.weight': rng.normal(size=(4, 4)).astype('<f4')}
    second = {'layer.1.weight': rng.normal(size=(4, 4)).astype('<f2'), 'unlisted': np.arange(3, dtype='<i4')}
    names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
    for name, tensors in zip(names, (first, second)):
        put('sharded/' + name, save(tensors, {'format': 'pt'}))
    files = {'embed.weight': names[0], 'layer.0.weight': names[0], 'layer.1.weight': names[1]}
    put('sharded/model.safetensors.index.json', index(files, total_size=176, nested={'ignored': [1, None, True]}))
    spelled = {'float32': 'F32', 'float16': 'F16', 'int32': 'I32'}
    describe('sharded/model.safetensors.index.json', 'safetensors in 2 shards',
             {name: (spelled[str(array.dtype)], array) for name, array in {**first, **second}.items()})


def sharded_pytorch():
    shards = [{'a.weight': torch.arange(12.).reshape(3, 4)}, {'b.weight': torch.tensor([[1.5, -2.0]]).half()}]
    names = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin']
    os.makedirs(os.path.join(FOLDER, 'pytorch'), exist_ok=True)
    for name, tensors in zip(names, shards):
        torch.save(tensors, os.path.join(FOLDER, 'pytorch', name))
    put('pytorch/pytorch_model.bin.index.json', index({'a.weight': names[0], 'b.weight': names[1]}, total_size=52))
    describe('pytorch/pytorch_model.bin.index.json', 'PyTorch in 2 shards',
             {'a.weight': ('float32', shards[0]['a.weight'].numpy()), 'b.weight': ('float16', shards[1]['b.weight'].numpy())})


def hostile():
    one = {'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}}
    put('hostile/cut.safetensors', by_hand(one, bytes(7)))
    put('hostile/cut-header.safetensors', by_hand(one)[:40])
    put('hostile/hole.safetensors', by_hand({**one, 'b': {'dtype': 'U8', 'shape': [1], 'data_offsets': [9, 10]}}, bytes(10)))
    put('hostile/overlap.safetensors', by_hand({**one, 'b': {'dtype': 'U8', 'shape': [8], 'data_offsets': [0, 8]}}, bytes(8)))
    put('hostile/twice.safetensors', by_hand(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{}}', bytes(1)))
    put('hostile/overflow.safetensors', by_hand({'a': {'dtype': 'F32', 'shape': [2**40, 2**40], 'data_offsets': [0, 0]}}))
    put('hostile/long-header.safetensors', struct.pack('<Q', 2**20) + b'{')
    put('hostile/nested.safetensors', by_hand(b'{"a":' + b'[' * 50000))
    put('hostile/int64.safetensors', by_hand({'a': {'dtype': 'I64', 'shape': [1], 'data_offsets': [0, 8]}}, struct.pack('<q', 2**60)))
    put('hostile/line-feed.safetensors', by_hand({'a\n\u001b[31m' + 'x' * 200: {'dtype': 'U8', 'shape': [1], 'data_offsets': [1, 2]}}, bytes(2)))
    put('hostile/missing.index.json', index({f't{i}': f'model-{i:05}-of-00007.safetensors' for i in range(1, 8)}))
    put('hostile/parent.index.json', index({'a': '../every.safetensors'}))
    put('hostile/absolute.index.json', index({'a': '/etc/passwd'}))
    put('hostile/url.index.json', index({'a': 'https://example.org/model.safetensors'}))
    put('hostile/itself.index.json', index({'a': 'itself.index.json'}))
    put('hostile/lies.index.json', index({'a': 'int64.safetensors', 'z': 'int64.safetensors'}))
    put('hostile/nested.index.json', b'{"weight_map":{},"x":' + b'[' * 50000)
    put('hostile/many.index.json', index({f't{i}': f'{i}' for i in range(600)}))
    put('hostile/pointer.safetensors', b'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
    put('hostile/empty.safetensors', b'')
    put('hostile/text.safetensors', b'hello, world, this is no checkpoint\n')


for make in (every_type, packed, unaligned, sharded, sharded_pytorch, hostile):
    make()
