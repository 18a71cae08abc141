# Records a vector of each layer for every sample, for `pentimento inspect activations.safetensors`.
import keras
import numpy as np
from safetensors.numpy import save_file

model, samples, labels = ..., ..., ...  # a keras.Model; arrays of its samples and of their labels
layers = [layer for layer in model.layers if layer.weights]  # or some of them
taps = keras.Model(model.inputs, [layer.output for layer in layers])

rows = [[] for _ in layers]
for at in range(0, len(samples), 32):
    for batches, x in zip(rows, taps.predict_on_batch(samples[at : at + 32])):
        x = np.asarray(x, dtype=np.float32)
        batches.append(x.mean(axis=tuple(range(1, x.ndim - 1))))  # over positions, or tokens without padding
arrays = {f"layers/{i:03}.{layer.name}": np.concatenate(b) for i, (layer, b) in enumerate(zip(layers, rows))}
save_file({**arrays, "labels/label": np.asarray(labels)}, "activations.safetensors")
