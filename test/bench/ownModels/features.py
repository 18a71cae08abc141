"""What PyTorch's forward hooks see of a model, one vector for each sample: {layer: [samples, dimensions]}."""
import csv

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

BATCH = 32
SIDE = 16
MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


def samples_first(split):
    """The order in which both sides have the samples: training, then test."""
    return np.concatenate([np.flatnonzero(split == 0), np.flatnonzero(split == 1)])


def picture_table(folder):
    """Paths in order, and which of them are test samples."""
    with open(folder / 'labels.csv', newline='') as f:
        rows = list(csv.DictReader(f))
    split = np.array([int(row['file'].startswith('test/')) for row in rows])
    order = samples_first(split)
    return [folder / 'images' / rows[at]['file'] for at in order]


def decoded(paths):
    return np.stack([np.asarray(Image.open(path)) for path in paths])


def hooked(model, modules):
    """The latest output of each module."""
    seen = {}
    known = dict(model.named_modules())
    for layer, module in modules.items():
        known[module].register_forward_hook(lambda _, __, output, layer=layer: seen.__setitem__(layer, output))
    return seen


def of_pictures(folder, modules):
    model = torch.load(folder / 'resnet18.pt').eval()
    seen = hooked(model, modules)
    paths = picture_table(folder)
    rows = {}
    with torch.no_grad():
        for begin in range(0, len(paths), BATCH):
            bytes_ = torch.from_numpy(decoded(paths[begin:begin + BATCH]))
            x = (bytes_.permute(0, 3, 1, 2).float() / 255 - MEAN) / DEVIATION
            model(x)
            rows.setdefault('input', []).append(F.adaptive_avg_pool2d(x, SIDE).flatten(1).numpy())
            for layer in modules:
                output = seen[layer]
                pooled = output.mean((2, 3)) if output.dim() == 4 else output
                rows.setdefault(layer, []).append(pooled.numpy().copy())
    return {layer: np.concatenate(parts) for layer, parts in rows.items()}


def of_tokens(folder, modules):
    from transformer import Encoder
    model = Encoder()
    model.load_state_dict(torch.load(folder / 'transformer.pt'))
    model.eval()
    seen = hooked(model, modules)
    data = np.load(folder / 'tokens.npz')
    order = samples_first(data['split'])
    ids, mask = (torch.from_numpy(data[name][order]) for name in ('input_ids', 'attention_mask'))
    rows = {}
    with torch.no_grad():
        for begin in range(0, len(ids), BATCH):
            own = mask[begin:begin + BATCH]
            model(ids[begin:begin + BATCH], own)
            there = own[:, :, None].float()
            for layer in modules:
                tokens = seen[layer]
                pooled = {
                    'mean': (tokens * there).sum(1) / there.sum(1),
                    'first': tokens[:, 0],
                    'max': tokens.masked_fill(there == 0, float('-inf')).amax(1),
                }
                for pooling, vectors in pooled.items():
                    rows.setdefault(f'{layer}:{pooling}', []).append(vectors.numpy().copy())
    return {layer: np.concatenate(parts) for layer, parts in rows.items()}
