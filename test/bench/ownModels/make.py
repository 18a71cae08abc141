"""Models and data of `npm run bench -- own-models`: ResNet-18 of torchvision, a 6-layer nn.TransformerEncoder, or pictures of a line
of digits for a recogniser from npm.

Usage: python3 make.py resnet|transformer|digits FOLDER BUNDLED SAMPLES SIDE [EPOCHS]    (numpy, pillow; torch 1.13, torchvision)
With EPOCHS, ResNet-18 is trained in earnest, at the size of the pictures; half an hour on two cores. Writes the model and its data to FOLDER, and prints what the layers are called in PyTorch as JSON. BUNDLED has the images.
"""
import csv
import gzip
import json
import pathlib
import sys
import warnings

import numpy as np
from PIL import Image

warnings.filterwarnings('ignore')
KIND, OUT, BUNDLED = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
SAMPLES, SIDE = int(sys.argv[4]), int(sys.argv[5])
EPOCHS = int(sys.argv[6]) if len(sys.argv) > 6 else 1
TEST_SHARE = 5
SUPERCLASS_OF = np.array([0, 1, 0, 0, 0, 2, 0, 2, 3, 2])
rng = np.random.default_rng(0)


def idx(name):
    data = gzip.decompress((BUNDLED / f'{name}.idx.gz').read_bytes())
    axes = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], 'big') for i in range(axes)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def digits_on_clothes(split, count):
    """Digits blended over clothes, 32 x 32, as the demo has them, with their labels."""
    digits, clothes = idx(f'digits-{split}-images'), idx(f'clothes-{split}-images')
    which = rng.permutation(len(clothes))[:count]
    with_digit = rng.permutation(len(digits))[:count]
    images = np.zeros((count, 32, 32), np.uint8)
    images[:, 2:30, 2:30] = clothes[which]
    for image, digit in zip(images, digits[with_digit]):
        small = np.asarray(Image.fromarray(digit).resize((16, 16), Image.BOX))
        middle = image[8:24, 8:24]
        middle[small > 0] = small[small > 0]
    kind = idx(f'clothes-{split}-labels')[which]
    labels = {'digit': idx(f'digits-{split}-labels')[with_digit], 'clothes': kind, 'superclass': SUPERCLASS_OF[kind]}
    return images, labels


def write_pictures(pictures, labels):
    """Of train/ and test/, with the labels in a table."""
    rows = []
    for at, picture in enumerate(pictures):
        name = f"{'test' if at % TEST_SHARE == 0 else 'train'}/{at:05}.png"
        path = OUT / 'images' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.convert('RGB').save(path, compress_level=1)
        rows.append([name, *(int(values[at]) for values in labels.values())])
    with open(OUT / 'labels.csv', 'w', newline='') as f:
        writer = csv.writer(f)
        writer.writerow(['file', *labels])
        writer.writerows(rows)


def make_resnet():
    import torch
    import torchvision
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = torchvision.models.resnet18(num_classes=10).train()
    images, labels = digits_on_clothes('train', 2560 if EPOCHS == 1 else 4000)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for begin in [*range(0, len(images), 64)] * EPOCHS:
        x = torch.tensor(images[begin:begin + 64], dtype=torch.float32)[:, None].expand(-1, 3, -1, -1) / 255
        x = (x - 0.45) / 0.225
        if EPOCHS > 1:
            x = torch.nn.functional.interpolate(x, size=SIDE)
        y = torch.tensor(labels['clothes'][begin:begin + 64].astype(np.int64))
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    model.eval()
    torch.save(model, OUT / 'resnet18.pt')
    torch.onnx.export(
        model, torch.zeros(2, 3, SIDE, SIDE), OUT / 'resnet18.onnx', input_names=['image'], output_names=['logits'],
        opset_version=17, dynamic_axes={'image': {0: 'n'}, 'logits': {0: 'n'}},
    )
    images, labels = digits_on_clothes('test', SAMPLES)
    write_pictures([Image.fromarray(image).resize((SIDE, SIDE), Image.BILINEAR) for image in images], labels)
    blocks = [f'layer{stage}.{block}' for stage in range(1, 5) for block in range(2)]
    return {'relu': 'relu', 'maxpool': 'maxpool', **{f'{block}/relu_1': block for block in blocks},
            'avgpool': 'avgpool', 'logits': 'fc'}


def make_transformer():
    import torch
    import transformer
    torch.manual_seed(0)
    model = transformer.Encoder()
    # Topics prefer some words, the first word is of one of four kinds, and one word is or is not there.
    topic, first, marker = rng.integers(0, 8, SAMPLES), rng.integers(0, 4, SAMPLES), rng.integers(0, 2, SAMPLES)
    lengths = rng.integers(16, transformer.LONGEST + 1, SAMPLES)
    ids = rng.integers(100, transformer.WORDS, (SAMPLES, transformer.LONGEST))
    told = rng.random(ids.shape) < 0.1
    ids = np.where(told, 100 + 200 * topic[:, None] + ids % 200, ids)
    ids[:, 0] = 2 + 10 * first + rng.integers(0, 10, SAMPLES)
    where = rng.integers(1, 16, SAMPLES)
    ids[np.arange(SAMPLES), where] = np.where(marker == 1, 50 + rng.integers(0, 5, SAMPLES), ids[np.arange(SAMPLES), where])
    mask = (np.arange(transformer.LONGEST) < lengths[:, None]).astype(np.int64)
    ids = np.where(mask == 1, ids, 0).astype(np.int64)
    split = (np.arange(SAMPLES) % TEST_SHARE == 0).astype(np.int64)
    np.savez(OUT / 'tokens.npz', input_ids=ids, attention_mask=mask, topic=topic, first=first, marker=marker, split=split)
    torch.save(model.state_dict(), OUT / 'transformer.pt')
    names = ['input_ids', 'attention_mask']
    # In training mode, because the fast path of evaluation cannot be exported; without dropout both are the same.
    torch.onnx.export(
        model.train(), tuple(torch.tensor(a[:2]) for a in (ids, mask)), OUT / 'transformer.onnx', input_names=names,
        output_names=['hidden'], opset_version=17, training=torch.onnx.TrainingMode.PRESERVE,
        dynamic_axes={name: {0: 'n', 1: 't'} for name in [*names, 'hidden']},
    )
    layers = {f'encoder/layers.{at}/norm2': f'encoder.layers.{at}' for at in range(5)}
    return {'embedding': 'embedding', **layers, 'hidden': 'encoder.layers.5'}


def make_digits():
    """Six digits in a line, 48 x 320, as a recogniser of lines reads them."""
    digits, kinds = idx('digits-test-images'), idx('digits-test-labels')
    which = rng.integers(0, len(digits), (SAMPLES, 6))
    pictures = []
    for row in which:
        line = Image.fromarray(255 - np.hstack(list(digits[row])))
        picture = Image.new('L', (320, 48), 255)
        picture.paste(line.resize((288, 48), Image.BILINEAR), (16, 0))
        pictures.append(picture)
    write_pictures(pictures, {'first': kinds[which[:, 0]], 'last': kinds[which[:, 5]], 'nines': (kinds[which] == 9).any(1)})
    return {}


print(json.dumps({'resnet': make_resnet, 'transformer': make_transformer, 'digits': make_digits}[KIND]()))
