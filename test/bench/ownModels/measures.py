"""The measures of docs/measures.md by numpy, without their intervals."""
import numpy as np

SHUFFLES = 39


def exp_entropy(shares, added=0.0):
    shares = shares + added
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def spectra(z):
    values = np.linalg.svd(z, compute_uv=False)
    centred = np.linalg.svd(z - z.mean(0), compute_uv=False)
    energy = centred ** 2
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    ranks = np.arange(11, min(100, (energy > 1e-12 * energy[0]).sum()) + 1)
    alpha = None
    if len(ranks) > 1:
        x, y, w = np.log(ranks), np.log(energy[ranks - 1]), 1 / ranks
        x = x - np.average(x, weights=w)
        alpha = float(-(w * x * y).sum() / (w * x * x).sum())
    return {
        'singularValues': values.tolist(), 'rankMe': exp_entropy(values / values.sum(), 1e-7),
        'effectiveRank': exp_entropy(values / values.sum()), 'stableRank': float((values ** 2).sum() / values[0] ** 2),
        'participationRatio': float(energy.sum() ** 2 / (energy ** 2).sum()), 'alphaReq': alpha,
        'stdOfNormalised': float(unit.std(0, ddof=1).mean()),
    }


def eta_squared(z, labels):
    """The share of the variance between classes, and of shuffled labels."""
    z = z - z.mean(0)
    n, classes = len(z), np.unique(labels)
    total = (z ** 2).sum()

    def between(own):
        return sum((z[own == k].sum(0) ** 2).sum() / (own == k).sum() for k in classes)

    rng = np.random.default_rng(0)
    by_chance = [between(rng.permutation(labels)) for _ in range(SHUFFLES)]
    within = total - between(labels)
    value = 1 - (n - 1) / (n - len(classes)) * within / total
    return {'value': float(max(0, value)), 'absent': bool(between(labels) <= max(by_chance))}


def hsic(x, y):
    """HSIC_1 of Song et al. 2012, by its definition on kernels without their diagonals."""
    n = len(x)
    k, l = x @ x.T, y @ y.T
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    sums = k.sum(0) @ l.sum(0)
    return ((k * l).sum() + k.sum() * l.sum() / ((n - 1) * (n - 2)) - 2 / (n - 2) * sums) / (n * (n - 3))


def similarity(layers):
    """Debiased linear CKA of each pair."""
    own = [layer - layer.mean(0) for layer in layers]
    count = len(own)
    h = np.zeros((count, count))
    for a in range(count):
        for b in range(a + 1):
            h[a, b] = h[b, a] = hsic(own[a], own[b])
    root = np.sqrt(np.diag(h))
    return (h / np.outer(root, root)).tolist()
