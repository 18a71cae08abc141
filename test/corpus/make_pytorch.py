"""Writes test/corpus/pytorch: checkpoints as PyTorch saves them, and damaged and hostile ones.

The committed files were made with Python 3.11, torch 1.13.0 and numpy 1.24.2: `python3 test/corpus/make_pytorch.py`.
Expected values are from torch.load, or from numpy if the file is made by hand.

Run again elsewhere with torch 2.13.0 and numpy 2.4.6: files made by hand, including hostile ones, were identical to the
byte, except cut.pt, which is cut from a file by torch; files by torch differ, and values that it trained differ in
their last bits. torch 2.13.0 finds the values of the expected.json files in all committed files that it loads: newer.pt and
odd.pt, made by hand, are not its own, and for unreadable.pt it lacks a function (_rebuild_sparse_csr_tensor).
"""

import base64
import collections
import hashlib
import inspect
import io
import json
import os
import pickle
import struct
import tarfile
import warnings
import zipfile

import numpy as np
import torch
from torch import nn

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pytorch')
os.makedirs(os.path.join(HERE, 'hostile'), exist_ok=True)
warnings.simplefilter('ignore')
MOMENT = (1980, 1, 1, 0, 0, 0)


def values_of(tensor):
    tensor = tensor.detach()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy().astype(np.float64)


def describe(values, dtype):
    data = np.ascontiguousarray(values, dtype='<f8').tobytes()
    return {
        'dtype': dtype,
        'shape': list(values.shape),
        'sha256': hashlib.sha256(data).hexdigest(),
        'sum': float(values.sum()),
    }


def expect(name, tensors):
    """`tensors`: name -> torch tensor, or (numpy values, dtype)."""
    described = {
        key: describe(*t) if isinstance(t, tuple) else describe(values_of(t), str(t.dtype).split('.')[1])
        for key, t in tensors.items()
    }
    with open(os.path.join(HERE, f'{name}.expected.json'), 'w') as file:
        json.dump({'format': 'PyTorch', 'tensors': described}, file, indent=1)
        file.write('\n')


def save(name, thing, tensors, **options):
    torch.save(thing, os.path.join(HERE, name), **options)
    expect(name, tensors)


def rezip(source, target, method=zipfile.ZIP_STORED, change=lambda name, data: data):
    """The archive rewritten; `change` may replace an entry's bytes, or drop it with None."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, 'w', method) as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(zipfile.ZipInfo(info.filename, MOMENT), data, method)
    with open(target, 'wb') as file:
        file.write(out.getvalue())


def path(name):
    return os.path.join(HERE, name)


# --- good files ---------------------------------------------------------------------------------------------------

torch.manual_seed(20)
REALS = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
INTEGERS = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8]


def dtypes():
    named = collections.OrderedDict()
    for dtype in REALS:
        named[f'of_{str(dtype)[6:]}'] = torch.randn(3, 5).to(dtype)
    for dtype in INTEGERS:
        low = 0 if dtype == torch.uint8 else -100
        named[f'of_{str(dtype)[6:]}'] = torch.randint(low, 100, (4, 3)).to(dtype)
    named['of_bool'] = torch.tensor([True, False, True])
    named['extremes'] = torch.tensor([0.0, -0.0, 1e-45, -3.4e38])
    named['lone'] = torch.tensor(2.5)
    named['empty'] = torch.zeros(0, 7)
    return named


def views():
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5) * 1.5
    return collections.OrderedDict(
        base=base,
        tied=base,
        transposed=base.permute(2, 0, 1),
        every_second=base[:, ::2, 1::3],
        row=base[2, 3],
        column=base[:, 1, 4],
        expanded=base[:, :1, :1].expand(3, 4, 2),
        lone=base[1, 2, 3],
        nothing=base[:, 4:, :],
        odd_stride=base[:, :, :1].transpose(0, 2),
        channels_last=torch.randn(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
        half_turned=torch.randn(6, 4).half().t(),
    )


def network():
    return nn.Sequential(
        collections.OrderedDict(
            conv=nn.Conv2d(2, 3, 3),
            norm=nn.BatchNorm2d(3),
            model=nn.Sequential(nn.Flatten(), nn.Linear(12, 4), nn.ReLU()),
            head=nn.Linear(4, 2, bias=False),
        )
    )


def trained(optimiser_class, **options):
    net = network()
    optimiser = optimiser_class(net.parameters(), lr=0.1, **options)
    for _ in range(2):
        optimiser.zero_grad()
        net(torch.randn(5, 2, 4, 4)).square().sum().backward()
        optimiser.step()
    return net, optimiser


def moments(optimiser, prefix):
    return {
        f'{prefix}state.{i}.{key}': value
        for i, state in optimiser.state_dict()['state'].items()
        for key, value in state.items()
        if torch.is_tensor(value)
    }


def prefixed(prefix, state):
    return collections.OrderedDict((prefix + key, value) for key, value in state.items())



def same(name, thing, **options):
    save(name, thing, thing, **options)


same('dtypes.pt', dtypes())
same('views.pt', views())
same('protocol4.pt', dtypes(), pickle_protocol=4)
same('protocol5.pt', views(), pickle_protocol=5)

# A whole module: its parameters and buffers, named as in its state_dict.
module = network()
save('module.pt', module, module.state_dict())

# A training checkpoint, of a model behind DataParallel.
net, optimiser = trained(torch.optim.SGD, momentum=0.9)
save(
    'training.pt',
    {
        'epoch': 12,
        'arch': 'small',
        'best_acc1': torch.tensor(71.5),
        'state_dict': prefixed('module.', net.state_dict()),
        'optimizer': optimiser.state_dict(),
    },
    {**net.state_dict(), 'best_acc1': torch.tensor(71.5), **moments(optimiser, 'optimizer.')},
)

# PyTorch Lightning's layout, compiled, with the random state.
net, optimiser = trained(torch.optim.Adam)
save(
    'lightning.ckpt',
    {
        'epoch': 2,
        'pytorch-lightning_version': '1.8.0',
        'state_dict': prefixed('_orig_mod.', net.state_dict()),
        'optimizer_states': [optimiser.state_dict()],
        'lr_schedulers': [{'last_epoch': 2}],
        'callbacks': {'ModelCheckpoint': {'best_model_score': torch.tensor(0.5)}},
        'rng_state': torch.arange(16, dtype=torch.uint8),
    },
    {
        **net.state_dict(),
        **moments(optimiser, 'optimizer_states.0.'),
        'callbacks.ModelCheckpoint.best_model_score': torch.tensor(0.5),
        'rng_state': torch.arange(16, dtype=torch.uint8),
    },
)
save('optimiser.pt', optimiser.state_dict(), moments(optimiser, ''))

# Two models side by side, as DINO saves them.
student, teacher = network(), network()
save(
    'dino.pth',
    {
        'student': prefixed('module.backbone.', student.state_dict()),
        'teacher': prefixed('backbone.', teacher.state_dict()),
        'epoch': 100,
    },
    {
        **prefixed('student.backbone.', student.state_dict()),
        **prefixed('teacher.backbone.', teacher.state_dict()),
    },
)

# VISSL's nest of wrappers.
save(
    'vissl.torch',
    {
        'phase_idx': 100,
        'classy_state_dict': {
            'base_model': {
                'model': {'trunk': prefixed('_feature_blocks.', net.state_dict()), 'heads': {}},
                'meters': None,
            },
            'optimizer': {'optim': optimiser.state_dict()},
        },
    },
    {
        **prefixed('_feature_blocks.', net.state_dict()),
        **moments(optimiser, 'classy_state_dict.optimizer.optim.'),
    },
)

# TorchScript, without the entries that name the sources' paths.
script = torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)))
buffer = io.BytesIO()
torch.jit.save(script, buffer)
rezip(buffer, path('script.pt'), change=lambda name, data: None if name.endswith('debug_pkl') else data)
expect('script.pt', script.state_dict())

# Archives of another writer: deflated; and of a big-endian machine.
rezip(path('views.pt'), path('deflated.pt'), zipfile.ZIP_DEFLATED)
expect('deflated.pt', torch.load(path('views.pt')))


def big_endian():
    data = collections.OrderedDict(a=torch.randn(3, 4), b=torch.randint(-9, 9, (5,)), c=torch.randn(4).half())
    widths = {'0': 4, '1': 8, '2': 2}
    saved = io.BytesIO()
    torch.save(data, saved)

    def change(name, bytes_):
        if '/data/' not in name:
            return bytes_
        width = widths[name.rsplit('/', 1)[1]]
        return np.frombuffer(bytes_, dtype=f'V{width}').view(f'u{width}').byteswap().tobytes()

    rezip(saved, path('big.pt'), change=change)
    with zipfile.ZipFile(path('big.pt'), 'a') as file:
        file.writestr(zipfile.ZipInfo('archive/byteorder', MOMENT), 'big')
    expect('big.pt', data)


big_endian()

# Quantised tensors, and those that are listed but not read.
quantised = {
    'quantised': torch.quantize_per_tensor(torch.randn(4, 4), 0.1, 3, torch.qint8),
    'by_channel': torch.quantize_per_channel(torch.randn(2, 4), torch.ones(2), torch.zeros(2), 0, torch.quint8),
}
torch.save(
    {
        'plain': torch.arange(3.0),
        'complex': torch.zeros(2, 3, dtype=torch.complex64),
        **quantised,
        'sparse': torch.eye(5).to_sparse(),
        'compressed': torch.eye(6).to_sparse_csr(),
        'meta': torch.empty(7, 2, device='meta'),
        'repeated': torch.ones(1).expand(5000, 5000),
    },
    path('unreadable.pt'),
)
numbers = {key: (q.dequantize().double().numpy(), f'{str(q.dtype).split(".")[1]} × scale') for key, q in quantised.items()}
expect('unreadable.pt', {'plain': torch.arange(3.0), **numbers})

# Arrays of NumPy beside tensors, with their values in the pickle itself. A scalar is not an array.
arrays = {'weight': torch.arange(6.0).reshape(2, 3), 'array': np.arange(8.0).reshape(4, 2), 'scalar': np.float32(2)}
torch.save(arrays, path('arrays.pt'))
expect('arrays.pt', {'weight': arrays['weight']})

# Files as written before version 1.6. The source text of classes is replaced, because it would name paths of this machine.
torch.serialization.get_source_lines_and_file = lambda *_, **__: (['class Net: pass\n'], 0, 'net.py')
# Storages are named and ordered by their addresses: here by numbers that do not change from run to run.
source = inspect.getsource(torch.serialization._legacy_save).replace('str(storage._cdata)', 'key_of(storage._cdata)')
addresses = {}
torch.serialization.key_of = lambda address: str(1000 + addresses.setdefault(address, len(addresses)))
exec(source, torch.serialization.__dict__)  # this script's own torch, nothing from a file
same('stream.pth', views(), _use_new_zipfile_serialization=False)
addresses.clear()
same('stream_dtypes.pth', dtypes(), _use_new_zipfile_serialization=False)
addresses.clear()
save('stream_module.pth', module, module.state_dict(), _use_new_zipfile_serialization=False)


# --- by hand: our own pickles -------------------------------------------------------------------------------------


class Name:
    """A global name in a pickle that need not exist here."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:
    """A call in a pickle that is not executed here."""

    def __init__(self, function, *args):
        self.function, self.args = function, args


class Persistent:
    def __init__(self, id):
        self.id = id


def dump(thing):
    """Protocol 2, without a memo: only what the fixtures need."""
    if isinstance(thing, bytes):
        return thing
    if isinstance(thing, Name):
        return f'c{thing.module}\n{thing.name}\n'.encode()
    if isinstance(thing, Call):
        return dump(thing.function) + dump(tuple(thing.args)) + b'R'
    if isinstance(thing, Persistent):
        return dump(thing.id) + b'Q'
    if isinstance(thing, tuple):
        return b'(' + b''.join(map(dump, thing)) + b't'
    if isinstance(thing, list):
        return b'](' + b''.join(map(dump, thing)) + b'e'
    if isinstance(thing, dict):
        return b'}(' + b''.join(dump(k) + dump(v) for k, v in thing.items()) + b'u'
    if isinstance(thing, str):
        return b'X' + struct.pack('<I', len(thing.encode())) + thing.encode()
    if thing is None or isinstance(thing, bool):
        return {None: b'N', True: b'\x88', False: b'\x89'}[thing]
    digits = thing.to_bytes(thing.bit_length() // 8 + 1, 'little', signed=True)
    return b'\x8a' + bytes([len(digits)]) + digits


def pickled(thing):
    return b'\x80\x02' + dump(thing) + b'.'


def storage(key, count, kind='FloatStorage'):
    return Persistent(('storage', Name('torch', kind), key, 'cpu', count))


def tensor(key, count, size, stride, offset=0, kind='FloatStorage'):
    rebuild = Name('torch._utils', '_rebuild_tensor_v2')
    return Call(rebuild, storage(key, count, kind), offset, size, stride, False, {})


def archive(name, data_pickle, storages, extra=(), method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path(name), 'w', method) as file:
        entries = [('x/data.pkl', data_pickle)]
        entries += [(f'x/data/{key}', data) for key, data in storages.items()]
        for entry, data in [*entries, *extra]:
            file.writestr(zipfile.ZipInfo(entry, MOMENT), data, method)


def float8(byte, exponent_bits, bias, fnuz, has_infinity):
    """Value of an 8-bit float, from the definition of its kind; None for NaN and infinity."""
    mantissa_bits = 7 - exponent_bits
    sign, exponent, mantissa = byte >> 7, (byte >> mantissa_bits) & (2**exponent_bits - 1), byte & (2**mantissa_bits - 1)
    if fnuz and byte == 0x80:
        return None
    if has_infinity and exponent == 2**exponent_bits - 1:
        return None
    if not fnuz and not has_infinity and byte & 0x7F == 0x7F:
        return None
    fraction = mantissa / 2**mantissa_bits
    value = fraction * 2.0 ** (1 - bias) if exponent == 0 else (1 + fraction) * 2.0 ** (exponent - bias)
    return -value if sign else value


def two(call):
    return call.function, *call.args


def typed(call):
    return call.function, Name('my.tensors', 'Kind'), tuple(call.args), {}


def newer_file():
    kinds = {
        'float8_e4m3fn': (4, 7, False, False),
        'float8_e4m3fnuz': (4, 8, True, False),
        'float8_e5m2': (5, 15, False, True),
        'float8_e5m2fnuz': (5, 16, True, False),
    }
    tensors, storages, expected = {}, {}, {}
    for key, (kind, facts) in enumerate(kinds.items()):
        known = [byte for byte in range(256) if float8(byte, *facts) is not None]
        rebuild = Name('torch._utils', '_rebuild_tensor_v3')
        untyped = Persistent(('storage', Name('torch', 'UntypedStorage'), str(key), 'cpu', len(known)))
        hooks = Call(Name('collections', 'OrderedDict'))
        size, stride = (len(known),), (1,)
        tensors[kind] = Call(rebuild, untyped, 0, size, stride, False, hooks, Name('torch', kind))
        storages[key] = bytes(known)
        expected[kind] = (np.array([float8(byte, *facts) for byte in known]), kind)
    wide = np.array([1, 2**40, 5], dtype='<u8')
    untyped = Persistent(('storage', Name('torch', 'UntypedStorage'), 'wide', 'cpu', wide.nbytes))
    tensors['unsigned'] = Call(rebuild, untyped, 1, (2,), (1,), False, hooks, Name('torch', 'uint64'))
    storages['wide'] = wide.tobytes()
    expected['unsigned'] = (wide[1:].astype(np.float64), 'uint64')
    tensors['negated'] = Call(*two(tensor('0', 1, (1,), (1,), kind='UntypedStorage')), {'neg': True})
    tensors['nested'] = Call(Name('torch._utils', '_rebuild_nested_tensor'), tensors['unsigned'], None, None, None)
    tensors['wrapper'] = Call(Name('torch._utils', '_rebuild_wrapper_subclass'), None, Name('torch', 'int8'), (9, 2))
    array = Call(Name('numpy.core.multiarray', '_reconstruct'), Name('numpy', 'ndarray'), (0,), 'b')
    array = dump(array) + dump((1, (2, 6), None, False, '')) + b'b'
    tensors['tpu'] = Call(Name('torch._utils', '_rebuild_xla_tensor'), array, Name('torch', 'float32'), 'xla:0', True)
    parameter = Call(Name('torch._utils', '_rebuild_parameter'), tensors['unsigned'], False, hooks)
    tensors['parameter'] = Call(Name('torch._tensor', '_rebuild_from_type_v2'), *typed(parameter))
    expected['parameter'] = expected['unsigned']
    archive('newer.pt', pickled(tensors), storages)
    expect('newer.pt', expected)


newer_file()


def tar_file(name, pickle_bytes, tensors, storages):
    """Version 0.1: a tar of three files (torch.serialization.legacy_load reads it)."""
    with tarfile.open(path(name), 'w:', format=tarfile.PAX_FORMAT) as file:
        for member, data in [('pickle', pickle_bytes), ('tensors', tensors), ('storages', storages)]:
            info = tarfile.TarInfo(member)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))


def tar_tensor(key, storage_key, size, stride, offset, kind='FloatTensor'):
    numbers = struct.pack(f'<{2 * len(size) + 1}q', *size, *stride, offset)
    return pickled((key, storage_key, Name('torch', kind))) + struct.pack('<ii', len(size), 0) + numbers


def tar_storage(key, array, kind='FloatStorage'):
    return pickled((key, 'cpu', Name('torch', kind))) + struct.pack('<q', array.size) + array.tobytes()


def tar_good():
    weight = np.arange(12, dtype='<f4') * 0.25 - 1
    counts = np.array([3, -4, 5], dtype='<i8')
    tensors = pickled(3) + tar_tensor(11, 1, (3, 4), (4, 1), 0) + tar_tensor(12, 3, (2, 3), (1, 2), 0)
    tensors += tar_tensor(13, 2, (3,), (1,), 0, 'LongTensor')
    storages = pickled(2) + tar_storage(1, weight) + tar_storage(2, counts, 'LongStorage')
    storages += pickled([(3, 1, 6, 6)])
    named = {'fc.weight': Persistent('11'), 'part': Persistent('12'), 'counts': Persistent('13')}
    tar_file('tar.pth', pickled({'state_dict': named, 'epoch': 3}), tensors, storages)
    loaded = torch.load(path('tar.pth'), weights_only=False)['state_dict']
    expect('tar.pth', loaded)


tar_good()

# A dictionary that contains itself, a list twice, and calls that would do harm if they were executed.
archive(
    'odd.pt',
    b'\x80\x02}q\x00('
    + dump('self') + b'h\x00'
    + dump('run') + dump(Call(Name('posix', 'system'), 'touch executed'))
    + dump('eval') + dump(Call(Name('builtins', 'eval'), 'open("executed", "w")'))
    + dump('list') + b']q\x01(' + dump(tensor('0', 4, (2, 2), (2, 1))) + b'h\x01e'
    + dump('again') + b'h\x01'
    + b'u.',
    {'0': np.arange(4, dtype='<f4').tobytes()},
)
square = (np.arange(4, dtype='<f4').reshape(2, 2).astype('f8'), 'float32')
expect('odd.pt', {'list.0': square, 'again.0': square})


# --- pickles by Python, for the pickle reader alone -----------------------------------------------------------------

THINGS = {
    'numbers': [0, 1, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**53 - 1, -(2**53), 2**53 + 1, 2**200, -(2**63)],
    'floats': [0.0, 1.5, -1e300, float('inf'), -float('inf')],
    'texts': ['', 'plain', 'line\nbreak', 'quote\'"', 'ünï\\u00e9', '\U0001f3a8', 'x' * 300],
    'bytes': [b'', b'\x00\xff\n', b'y' * 300],
    'constants': [None, True, False, (), [], (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    'dictionary': {'a': 1, 2: {'b': [3]}, (4, 5): None},
    'ordered': collections.OrderedDict([('z', 1), ('a', 2)]),
    'counter': collections.Counter('aab'),
    'default': collections.defaultdict(list, {'k': [1]}),
    'sets': [{1}, frozenset([2])],
    'buffer': bytearray(b'abc'),
    'global': [os.path.join, collections.OrderedDict],
    'long list': list(range(1500)),
}


def spell(thing):
    if isinstance(thing, dict):
        return {'dict': [[spell(k), spell(v)] for k, v in thing.items()]}
    if isinstance(thing, (set, frozenset)):
        return {'set': [spell(item) for item in thing]}
    if isinstance(thing, (bytes, bytearray)):
        return {'bytes': bytes(thing).hex()}
    if isinstance(thing, (list, tuple)):
        return [spell(item) for item in thing]
    if isinstance(thing, float) and np.isinf(thing):
        return {'number': 'Infinity' if thing > 0 else '-Infinity'}
    if callable(thing):
        return {'global': f'{thing.__module__}.{thing.__qualname__}'}
    if isinstance(thing, int) and not isinstance(thing, bool) and abs(thing) > 2**53 - 1:
        return {'number': str(thing)}
    return thing


def spelt(thing, protocol):
    """Protocols 0 to 2 have no bytes; only 0 and 1 write booleans as numbers."""
    if protocol < 2 and isinstance(thing, bool):
        return int(thing)
    if isinstance(thing, (list, tuple)):
        return [spelt(item, protocol) for item in thing]
    return spell(thing)


pickles = [
    {
        'name': name,
        'protocol': protocol,
        'base64': base64.b64encode(pickle.dumps(thing, protocol)).decode(),
        'value': spelt(thing, protocol),
    }
    for name, thing in THINGS.items()
    for protocol in range(6)
]
with open(path('pickles.json'), 'w') as file:
    json.dump({'pickles': pickles}, file, indent=None)
    file.write('\n')


# --- hostile files --------------------------------------------------------------------------------------------------


def hostile(name, data_pickle, storages=None, **options):
    archive(f'hostile/{name}', data_pickle, {'0': bytes(16)} if storages is None else storages, **options)


def hostile_bytes(name, data):
    with open(path(f'hostile/{name}'), 'wb') as file:
        file.write(data)


def broken(name, *args, **options):
    hostile(name, pickled({'w': tensor('0', 4, *args, **options)}))


def raw(name, instructions):
    hostile(name, b'\x80\x02' + instructions)


broken('offset.pt', (4,), (1,), 1)
broken('span.pt', (2, 2), (3, 1))
broken('stride_negative.pt', (2, 2), (-2, 1))
broken('size_negative.pt', (-2, 2), (2, 1))
broken('offset_huge.pt', (2,), (1,), 2**70)
broken('strides_missing.pt', (2, 2), (1,))
broken('size_huge.pt', (2**30, 2**30), (0, 0))
broken('size_text.pt', 'four', (1,))
broken('axes.pt', (1,) * 100, (1,) * 100)
broken('kind.pt', (4,), (1,), kind='NoStorage')
hostile('missing.pt', pickled({'w': tensor('7', 4, (4,), (1,))}))
hostile('short.pt', pickled({'w': tensor('0', 400, (4,), (1,))}))
hostile('not_storage.pt', pickled({'w': Call(Name('torch._utils', '_rebuild_tensor_v2'), Persistent('x'), 0, (1,), (1,))}))
hostile('no_storage.pt', pickled({'w': Call(Name('torch._utils', '_rebuild_tensor_v2'), 5, 0, (1,), (1,))}))
unknown = Call(Name('torch._utils', '_rebuild_tensor_v3'), storage('0', 4), 0, (1,), (1,), False, {}, Name('os', 'system'))
hostile('type_unknown.pt', pickled({'w': unknown}))
hostile('system.pt', pickled(Call(Name('os', 'system'), 'touch executed')))
hostile('byteorder.pt', pickled({'w': tensor('0', 4, (4,), (1,))}), extra=[('x/byteorder', 'middle')])
hostile('key_long.pt', pickled({'w' * 5000: tensor('0', 4, (4,), (1,))}))
wrapped = tensor('0', 4, (4,), (1,))
for _ in range(40):
    wrapped = Call(Name('torch._utils', '_rebuild_parameter'), wrapped, False, {})
hostile('wrapped.pt', pickled({'w': wrapped}))
raw('long.pt', b'\x8b\xff\xff\xff\x7f' + bytes(100) + b'.')
raw('long_negative.pt', b'\x8b\xff\xff\xff\xff.')
raw('string_long.pt', b'X\xff\xff\xff\xffabc.')
raw('bytes_longer.pt', b'\x8e' + b'\xff' * 8 + b'abc.')
raw('deep.pt', b']' * 3000 + b'a' * 2999 + b'.')
raw('deep_marks.pt', b'(' * 5000 + b'.')
raw('underflow.pt', b'R.')
raw('no_mark.pt', b']e.')
raw('unknown.pt', b'\xff.')
raw('recall.pt', b'h\x05.')
raw('extension.pt', b'\x82\x01.')
raw('buffer.pt', b'\x97.')
raw('append.pt', b'NNa.')
raw('set_item.pt', b'NNNs.')
raw('odd_items.pt', b'}(NNNu.')
raw('global_number.pt', b'K\x01K\x02\x93.')
raw('decimal.pt', b'I12x\n.')
raw('decimal_long.pt', b'L' + b'9' * 3000 + b'L\n.')
raw('protocol.pt', b'\x80\x09N.')
raw('left.pt', b'NN.')
raw('unfinished.pt', b'}')
raw('empty.pt', b'}.')
raw('remember.pt', b'Np-5\n.')
# Thirty lists that each contain the previous one twice, with a tensor at the bottom: 2^30 names.
raw('billion.pt', b'](' + dump(tensor('0', 4, (4,), (1,))) + b'e' + b''.join(b'q%c0](h%ch%ce' % (i, i, i) for i in range(30)) + b'.')

good = open(path('views.pt'), 'rb').read()
hostile_bytes('cut.pt', good[: len(good) // 2])
archive('hostile/bomb.pt', bytes(35_000_000), {}, method=zipfile.ZIP_DEFLATED)


def patched(name, field, value, method=zipfile.ZIP_DEFLATED):
    """An archive whose central directory misstates its first entry. Offsets are in its record."""
    archive(f'hostile/{name}', pickled({'w': tensor('0', 4, (4,), (1,))}) + bytes(5000), {'0': bytes(16)}, method=method)
    data = bytearray(open(path(f'hostile/{name}'), 'rb').read())
    at = data.index(b'PK\x01\x02') + field
    data[at : at + len(value)] = value
    hostile_bytes(name, data)


patched('claims_less.pt', 24, struct.pack('<I', 100))
patched('claims_more.pt', 24, struct.pack('<I', 6000))
patched('claims_bomb.pt', 24, struct.pack('<I', 2_000_000_000))
patched('compressed_more.pt', 20, struct.pack('<I', 100_000))
patched('offset_far.pt', 42, struct.pack('<I', 2_000_000_000))
patched('method.pt', 10, struct.pack('<H', 99))
patched('encrypted.pt', 8, struct.pack('<H', 1))
patched('checksum.pt', 16, bytes(4))
patched('stored_sizes.pt', 24, struct.pack('<I', 100), zipfile.ZIP_STORED)
hostile('twice.pt', pickled({'w': tensor('0', 4, (4,), (1,))}), extra=[('x/data/0', bytes(16))])

stream = open(path('stream.pth'), 'rb').read()
hostile_bytes('stream_cut.pth', stream[:700])
hostile_bytes('stream_cut_data.pth', stream[:-10])
HEADER = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({'little_endian': True}, 2)


def legacy(key, count, part=None):
    id = ('storage', Name('torch', 'FloatStorage'), key, 'cpu', count, part)
    return Call(Name('torch._utils', '_rebuild_tensor_v2'), Persistent(id), 0, (2,), (1,), False, {})


def stream_file(name, thing, keys, data):
    hostile_bytes(name, HEADER + pickled(thing) + pickled(keys) + data)


stream_file('stream_size.pth', {'w': legacy('0', 2)}, ['0'], struct.pack('<q', 2**50) + bytes(8))
stream_file('stream_negative.pth', {'w': legacy('0', 2)}, ['0'], struct.pack('<q', -1) + bytes(8))
stream_file('stream_unnamed.pth', {'w': legacy('0', 2)}, ['0', '1'], struct.pack('<qqq', 1, 1, 1) + bytes(64))
stream_file('stream_missing.pth', {'w': legacy('0', 2)}, [], b'')
stream_file('stream_part.pth', {'w': legacy('0', 2, ('v', 1, 2))}, ['0'], struct.pack('<qq', 2, 0))
stream_file('stream_keys.pth', {'w': legacy('0', 2)}, ['0'] * 50, bytes(8))
hostile_bytes('stream_protocol.pth', HEADER.replace(struct.pack('<H', 1001), struct.pack('<H', 1002)) + pickled({}))

WORD = np.zeros(4, '<f4')
NAMED = pickled({'w': Persistent('11')})


def tar_hostile(name, tensors, storages=None, count=1):
    storages = pickled(1) + tar_storage(1, WORD) + pickled([]) if storages is None else storages
    tar_file(f'hostile/{name}', NAMED, pickled(count) + tensors, storages)


tar_hostile('tar_offset.pth', tar_tensor(11, 1, (2, 2), (2, 1), 1))
tar_hostile('tar_storage.pth', tar_tensor(11, 5, (2, 2), (2, 1), 0))
tar_hostile('tar_axes.pth', pickled((11, 1, Name('torch', 'FloatTensor'))) + struct.pack('<ii', 2**31 - 1, 0))
tar_hostile('tar_axes_negative.pth', pickled((11, 1, Name('torch', 'FloatTensor'))) + struct.pack('<ii', -1, 0))
tar_hostile('tar_count.pth', tar_tensor(11, 1, (2, 2), (2, 1), 0), count=10**9)
tar_hostile('tar_view.pth', b'', pickled(1) + tar_storage(1, WORD) + pickled([(2, 9, 0, 1)]), 0)
tar_hostile('tar_view_far.pth', b'', pickled(1) + tar_storage(1, WORD) + pickled([(2, 1, 3, 2)]), 0)
tar_hostile('tar_triple.pth', pickled(5))
tar_bytes = bytearray(open(path('tar.pth'), 'rb').read())
hostile_bytes('tar_cut.pth', tar_bytes[:1600])
tar_bytes[1030:1040] = b'x' * 10
hostile_bytes('tar_damaged.pth', tar_bytes)
