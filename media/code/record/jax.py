# Records a vector of each layer of a Flax module for every sample, for `pentimento inspect activations.safetensors`.
import jax
import numpy as np
from flax import traverse_util
from safetensors.numpy import save_file

model, variables = ..., ...  # a flax.linen.Module and what it was initialised with
samples, labels = ..., ...  # arrays of samples and of their labels

@jax.jit
def taps(x):
    _, state = model.apply(variables, x, capture_intermediates=True, mutable=["intermediates"])
    return state["intermediates"]

rows = {}
for at in range(0, len(samples), 32):
    for name, (x, *_) in traverse_util.flatten_dict(taps(samples[at : at + 32]), sep=".").items():
        x = np.asarray(x, dtype=np.float32)
        rows.setdefault(name.removesuffix(".__call__"), []).append(x.mean(axis=tuple(range(1, x.ndim - 1))))
arrays = {f"layers/{i:03}.{name}": np.concatenate(b) for i, (name, b) in enumerate(rows.items())}
save_file({**arrays, "labels/label": np.asarray(labels)}, "activations.safetensors")
