"""Checks of `npm run bench -- own-models` that are not timed.

Usage: python3 checks.py taps FOLDER RECORDING     features of PyTorch's hooks against a recording of the layers
       python3 checks.py probes FOLDER TASKS       probes at a known C to the end, on features.npz
       python3 checks.py cuts FOLDER CUTS          cut models in ONNX Runtime, by onnx's checker, against a recording
Prints JSON.
"""
import json
import pathlib
import sys

import numpy as np

WHAT, FOLDER, GIVEN = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def recording(path):
    """[rows of each layer by name] of a safetensors file, training samples first."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], 'little')
    header = json.loads(data[8:8 + length])
    rows = {}
    for name, entry in header.items():
        if not name.startswith('layers/'):
            continue
        begin, end = entry['data_offsets']
        own = np.frombuffer(data[8 + length + begin:8 + length + end], '<f4').reshape(entry['shape'])
        rows[name.split('.', 1)[1]] = own
    return rows


def difference(found, expected):
    """The largest, relative to the largest value."""
    return float(np.abs(found.astype(np.float64) - expected).max() / np.abs(expected).max())


def taps():
    asked = json.loads((FOLDER / 'tasks.json').read_text())
    ours, hooks = recording(GIVEN), np.load(FOLDER / 'features.npz')
    return {layer: difference(ours[layer], hooks[f'{at}']) for at, layer in enumerate(asked['layers'])}


def exact_probes():
    import probes
    asked = json.loads(GIVEN.read_text())
    hooks = np.load(FOLDER / 'features.npz')
    calls, named = [], []
    for name, task in asked['tasks'].items():
        task = {key: np.array(values) for key, values in task.items()}
        train = len(task['labels'])
        for layer, method, c in asked['chosen'][name]:
            rows = hooks[f"{asked['layers'].index(layer)}"]
            named.append({'task': name, 'layer': layer, 'method': method})
            calls.append((method, rows[:train], rows[train:], task, c))
    found = probes.in_processes(probes.exact, calls)
    return [
        {**names, **{key: ''.join('01'[int(bit)] for bit in bits) for key, bits in right.items()}}
        for names, right in zip(named, found)
    ]


def inputs_of(asked):
    """What a cut model is given: the last samples, which are test samples."""
    count = asked['samples']
    if (FOLDER / 'tokens.npz').exists():
        data = np.load(FOLDER / 'tokens.npz')
        order = np.concatenate([np.flatnonzero(data['split'] == 0), np.flatnonzero(data['split'] == 1)])[-count:]
        return {name: data[name][order] for name in ('input_ids', 'attention_mask')}
    import features
    return {'images': features.decoded(features.picture_table(FOLDER)[-count:])}


def cuts():
    import onnx
    import onnxruntime
    asked = json.loads(GIVEN.read_text())
    expected, given = recording(FOLDER / 'recording.safetensors'), inputs_of(asked)
    found = {}
    for layer, file in asked['cuts'].items():
        onnx.checker.check_model(file, full_check=True)
        session = onnxruntime.InferenceSession(file, providers=['CPUExecutionProvider'])
        feeds = {port.name: given[port.name] for port in session.get_inputs()}
        (rows,) = session.run(None, feeds)
        found[layer] = difference(rows, expected[layer][-asked['samples']:])
    fits = {}
    for task, fit in asked['fits'].items():
        onnx.checker.check_model(fit['file'], full_check=True)
        session = onnxruntime.InferenceSession(fit['file'], providers=['CPUExecutionProvider'])
        whole = inputs_of({'samples': len(fit['labels'])})
        right = 0
        for begin in range(0, len(fit['labels']), 32):
            feeds = {port.name: whole[port.name][begin:begin + 32] for port in session.get_inputs()}
            (logits,) = session.run(['logits'], feeds)
            right += int((logits.argmax(1) == np.array(fit['labels'][begin:begin + 32])).sum())
        fits[task] = right / len(fit['labels'])
    return {'cuts': found, 'fits': fits}


print(json.dumps({'taps': taps, 'probes': exact_probes, 'cuts': cuts}[WHAT]()))
