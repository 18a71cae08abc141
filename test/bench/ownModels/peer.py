"""The Python side of `npm run bench -- own-models`: features by forward hooks, spectra, similarity and feature weights by numpy, probes by
scikit-learn.

Usage: python3 peer.py KIND FOLDER TASKS [features]    TASKS is a JSON file with labels, folds and shuffles; `features` does these alone.
Writes features.npz and peer.json to FOLDER, and prints the seconds of each part as JSON.
"""
import json
import pathlib
import sys
import time

import numpy as np
import torch

import features
import measures
import probes

KIND, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
torch.set_num_threads(2)
asked = json.loads(pathlib.Path(sys.argv[3]).read_text())
tasks = {
    name: {key: np.array(values) for key, values in task.items()} for name, task in asked['tasks'].items()
}
seconds = {}


def timed(name, work):
    begun = time.perf_counter()
    found = work()
    seconds[name] = time.perf_counter() - begun
    return found


def plain(probe):
    return {key: ''.join('01'[int(bit)] for bit in value) if isinstance(value, np.ndarray) else value for key, value in probe.items()}


def probe_everything():
    calls = [(layer, name, method) for layer in layers for name in tasks for method in probes.METHODS]
    found = probes.in_processes(
        probes.probed, ((method, rows[layer][:train], rows[layer][train:], tasks[name]) for layer, name, method in calls)
    )
    answer = {layer: {name: {} for name in tasks} for layer in layers}
    for (layer, name, method), probe in zip(calls, found):
        answer[layer][name][method] = plain(probe)
    return answer


read = features.of_pictures if KIND == 'resnet' else features.of_tokens
rows = timed('features', lambda: read(FOLDER, asked['modules']))
layers = asked['layers']
train = len(next(iter(tasks.values()))['labels'])
tests = {layer: rows[layer][train:].astype(np.float64) for layer in layers}
np.savez(FOLDER / 'features.npz', **{f'{at}': rows[layer] for at, layer in enumerate(layers)})
if sys.argv[-1] != 'features':
    answer = {
        'spectra': timed('spectra', lambda: {layer: measures.spectra(tests[layer]) for layer in layers}),
        'weights': timed('weights', lambda: {
            layer: {name: measures.eta_squared(tests[layer], task['test']) for name, task in tasks.items()} for layer in layers
        }),
        'probes': timed('probes', probe_everything),
        'similarity': timed('similarity', lambda: measures.similarity([tests[layer] for layer in layers])),
    }
    (FOLDER / 'peer.json').write_text(json.dumps(answer))
print(json.dumps(seconds))
