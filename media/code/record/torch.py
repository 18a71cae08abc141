# Records a vector of each layer for every sample, for `pentimento inspect activations.safetensors`.
import torch
from safetensors.torch import save_file

model, loader = ..., ...  # a torch.nn.Module; batches of (inputs, labels), not shuffled
modules = dict(model.named_children())  # or some of model.named_modules()

seen, rows, labels = {}, {name: [] for name in modules}, []
for name, module in modules.items():
    module.register_forward_hook(lambda module, inputs, output, name=name: seen.update({name: output}))
model.eval()
with torch.inference_mode():
    for inputs, targets in loader:
        model(inputs)
        labels.append(targets)
        for name in modules:
            x = seen[name][0] if isinstance(seen[name], tuple) else seen[name]
            x = x.flatten(2).mean(2) if x.ndim == 4 else x.mean(1) if x.ndim == 3 else x  # maps; tokens without padding
            rows[name].append(x.float().cpu())
arrays = {f"layers/{i:03}.{name}": torch.cat(batches) for i, (name, batches) in enumerate(rows.items())}
save_file({**arrays, "labels/label": torch.cat(labels)}, "activations.safetensors")
