"""Writes numpy/: good files by numpy, hostile ones by hand, and the expected results.

Made with Python 3.11, numpy 1.24.2. Run as: python3 make_numpy.py, in this folder. Messages in hostile.json are kept:
they are written by hand.
"""
import hashlib
import io
import json
import os
import struct
import zipfile

import numpy as np
from numpy.lib import format as npy

FOLDER = 'numpy'
rng = np.random.default_rng(20261124)


def put(name, data):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)


def describe(name, form, arrays):
    tensors = {}
    for tensor, array in arrays.items():
        wide = array.astype('<f8')
        wide[np.isnan(wide)] = np.nan
        total = float(wide.sum())
        tensors[tensor] = {'dtype': npy.dtype_to_descr(array.dtype), 'shape': list(array.shape),
                           'sha256': hashlib.sha256(np.ascontiguousarray(wide).tobytes()).hexdigest(),
                           'sum': total if np.isfinite(total) else None}
    put(name + '.expected.json', json.dumps({'format': form, 'tensors': tensors}, indent=1).encode() + b'\n')


def bytes_of(array, version=None):
    file = io.BytesIO()
    npy.write_array(file, array, version)
    return file.getvalue()


ARRAYS = {
    'float32': rng.normal(size=(4, 3)).astype('<f4'),
    'fortran': np.asfortranarray(rng.normal(size=(3, 4, 2))),
    'big_endian': rng.normal(size=(5,)).astype('>f4'),
    'fortran_big': np.asfortranarray(rng.integers(-9, 9, (3, 5)).astype('>i2')),
    'half': np.arange(65536, dtype='<u2')[::41].copy().view('<f2'),
    'int64': np.array([2**53 - 1, -5], '<i8'), 'uint8': np.arange(7, dtype='u1'),
    'bool': np.array([[True], [False]]), 'scalar': np.array(3.25), 'empty': np.zeros((2, 0), '<f4'),
    'nested/name': np.arange(6, dtype='<u4').reshape(2, 3),
}
OPAQUE = {
    'objects': np.array([{'a': 1}, None], object), 'text': np.array(['tops', 'Füße']), 'bytes': np.array([b'ab']),
    'structured': np.array([(1, 2.0)], [('a', '<i4'), ('b', '<f8', (2,))]), 'complex': np.array([1j], '<c8'),
    'void': np.zeros(3, 'V2'), 'date': np.array(['2026-11-24'], 'M8[D]'),
}


def single():
    for name in ('float32', 'fortran', 'big_endian', 'scalar'):
        put(name + '.npy', bytes_of(ARRAYS[name], (2, 0) if name == 'fortran' else None))
        describe(name + '.npy', 'NumPy array', {name: ARRAYS[name]})


def archives():
    for name, write in (('stored', np.savez), ('deflated', np.savez_compressed)):
        file = io.BytesIO()
        write(file, **ARRAYS, **OPAQUE)
        put(name + '.npz', file.getvalue())
        describe(name + '.npz', 'NumPy archive', ARRAYS)


def archive(members, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w', method) as zipped:
        for name, data in members.items():
            zipped.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def header(text):
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(text)) + text


def hostile():
    good = bytes_of(ARRAYS['float32'])
    put('hostile/cut.npy', good[:-3])
    put('hostile/objects.npy', bytes_of(OPAQUE['objects']))
    put('hostile/structured.npy', bytes_of(OPAQUE['structured']))
    put('hostile/huge.npy', header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"))
    put('hostile/code.npy', header(b"{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}"))
    put('hostile/fields.npy', header(b"{'descr': " + b'[' * 60000))
    put('hostile/int64.npy', bytes_of(np.array([0, 2**62], '<i8')))
    put('hostile/version.npy', b'\x93NUMPY\x09\x00' + good[8:])
    put('hostile/cut.npz', archive({'a.npy': good})[:-30])
    put('hostile/no-array.npz', archive({'a.npy': b'hello'}))
    put('hostile/short.npz', archive({'a.npy': good[:150]}, zipfile.ZIP_DEFLATED))
    damaged = bytearray(archive({'a.npy': good}))
    damaged[damaged.index(b'NUMPY') + 140] ^= 1
    put('hostile/checksum.npz', bytes(damaged))
    # A member that inflates to 64 MB of spaces, where a header has at most 1 MB.
    bomb = b'\x93NUMPY\x02\x00' + struct.pack('<I', 2**26) + b' ' * 2**26
    put('hostile/bomb.npz', archive({'a.npy': bomb}, zipfile.ZIP_DEFLATED))
    claims = bytearray(archive({'a.npy': good}, zipfile.ZIP_DEFLATED))
    at = claims.index(b'PK\x01\x02')
    claims[at + 24:at + 28] = struct.pack('<I', 0xf0000000)
    put('hostile/claims.npz', bytes(claims))


for make in (single, archives, hostile):
    make()
