"""The PyTorch side of `npm run bench -- step`: reads `run COUNT` lines, prints the seconds of each step as JSON."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
RATE = 1e-3


def spectral(first, second):
    batch = first.shape[0]
    pairs = (first * second).sum(1)
    # Sum over all pairs of (z1_i . z2_j)^2 through the small Gram matrices, as on the other side.
    total = ((first.T @ first) * (second.T @ second)).sum()
    return -2 * pairs.mean() + (total - (pairs**2).sum()) / (batch * (batch - 1))


def nt_xent(first, second, temperature=0.5):
    z = F.normalize(torch.cat([first, second]), dim=1)
    logits = z @ z.T / temperature
    logits.fill_diagonal_(float("-inf"))
    batch = first.shape[0]
    partner = torch.cat([torch.arange(batch, 2 * batch), torch.arange(batch)])
    return F.cross_entropy(logits, partner)


def linear(width, batch):
    model = nn.Sequential(nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False))
    return model, torch.randn(2 * batch, width), spectral, torch.optim.SGD(model.parameters(), lr=RATE)


def cnn(widths, batch, size, channels, channels_last):
    layers, before = [], channels
    for index, width in enumerate(widths):
        layers += [nn.Conv2d(before, width, 3, stride=1 if index == 0 else 2, padding=1, bias=False),
                   nn.BatchNorm2d(width), nn.ReLU()]
        before = width
    head = [nn.Linear(before, before), nn.ReLU(), nn.Linear(before, before)]
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)
    x = torch.rand(2 * batch, channels, size, size)
    if channels_last:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    return model, x, nt_xent, torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)


class Block(nn.Module):
    def __init__(self, before, width, stride):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(before, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))
        changes = stride != 1 or before != width
        self.shortcut = nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False),
                                      nn.BatchNorm2d(width)) if changes else nn.Identity()

    def forward(self, x):
        return F.relu(self.inner(x) + self.shortcut(x))


def resnet18(width, batch, size, channels, channels_last):
    layers, before = [nn.Conv2d(channels, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()], width
    for index in range(8):
        stage = index // 2
        layers.append(Block(before, width * 2 ** stage, 2 if stage > 0 and index % 2 == 0 else 1))
        before = width * 2 ** stage
    head = [nn.Linear(before, before), nn.ReLU(), nn.Linear(before, 128)]
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)
    x = torch.rand(2 * batch, channels, size, size)
    if channels_last:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    return model, x, nt_xent, torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)


def fill(model, x, path):
    """The parameters in their order, then the batch [n, height, width, channels], from the other side: the same model on the same data."""
    values = torch.frombuffer(bytearray(open(path, "rb").read()), dtype=torch.float32)
    at = 0
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(values[at:at + parameter.numel()].view(parameter.shape))
            at += parameter.numel()
        batch = values[at:]
        x.copy_(batch.view(x.shape) if x.dim() == 2 else
                batch.view(x.shape[0], x.shape[2], x.shape[3], x.shape[1]).permute(0, 3, 1, 2))


def main():
    spec = json.loads(sys.argv[1])
    path = spec.pop("values")
    torch.set_num_threads(spec.pop("threads"))
    kind = spec.pop("kind")
    model, x, loss, optimiser = {"linear": linear, "cnn": cnn, "resnet18": resnet18}[kind](**spec)
    fill(model, x, path)
    model.train()
    half = x.shape[0] // 2
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        times, losses = [], []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            optimiser.zero_grad(set_to_none=True)
            z = model(x)
            value = loss(z[:half], z[half:])
            value.backward()
            optimiser.step()
            losses.append(value.item())
            times.append(time.perf_counter() - start)
        print(json.dumps({"times": times, "losses": losses}), flush=True)


main()
