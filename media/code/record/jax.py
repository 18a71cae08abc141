# Records a vector of each layer of a Flax module for every sample, for `pentimento inspect activations.safetensors`.
import numpy as np
from flax import traverse_util
from safetensors.numpy import save_file

model, variables = ..., ...  # a flax.linen.Module and what it was initialised with
samples, labels = ..., ...  # arrays of samples and of their labels

rows = {}
for at in range(0, len(samples), 32):
    _, state = model.apply(variables, samples[at : at + 32], capture_intermediates=True, mutable=["intermediates"])
    for path, (x, *_) in traverse_util.flatten_dict(state["intermediates"]).items():
        x = np.asarray(x, dtype=np.float32).mean(axis=tuple(range(1, x.ndim - 1)))  # over positions or tokens
        rows.setdefault(".".join(path[:-1]) or "output", []).append(x)
rows["output"] = rows.pop("output")  # the last one
arrays = {f"layers/{i:03}.{name}": np.concatenate(b) for i, (name, b) in enumerate(rows.items())}
save_file({**arrays, "labels/label": np.asarray(labels)}, "activations.safetensors")
