"""Says how fast this Python multiplies: Debian's PyTorch without OpenBLAS is ten times slower than it could be, which would flatter us.

Usage: python3 speed.py
"""
import time

import numpy as np
import sklearn
import torch

SIDE = 1024
SLOW = 20


def speed(product):
    product()
    begun = time.perf_counter()
    for _ in range(3):
        product()
    return 3 * 2 * SIDE ** 3 / (time.perf_counter() - begun) / 1e9


torch.set_num_threads(2)
a, b = torch.ones(SIDE, SIDE), np.ones((SIDE, SIDE))
of_torch, of_numpy = speed(lambda: a @ a), speed(lambda: b @ b)
print(f'torch {torch.__version__} at {of_torch:.0f} GFlop/s, numpy {np.__version__} at {of_numpy:.0f} in float64, '
      f'scikit-learn {sklearn.__version__}')
if of_torch < SLOW:
    print('torch is slow here, and its times say little: install libopenblas0-pthread')
