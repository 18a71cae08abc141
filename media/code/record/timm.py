# Records the mean over positions of each block for every image, for `pentimento inspect activations.safetensors`.
import timm
import torch
from safetensors.torch import save_file
from timm.data import create_transform, resolve_data_config
from torchvision.datasets import ImageFolder

model = timm.create_model("vit_base_patch16_224", pretrained=True).eval()
data = ImageFolder("images", create_transform(**resolve_data_config({}, model=model)))  # images/class/image
loader = torch.utils.data.DataLoader(data, batch_size=32)

batches, labels = [], []
with torch.inference_mode():
    for images, targets in loader:
        final, maps = model.forward_intermediates(images)
        batches.append([x.mean((2, 3)) for x in maps] + [model.forward_head(final, pre_logits=True)])
        labels.append(targets)
names = [f"block.{i}" for i in range(len(batches[0]) - 1)] + ["pre_logits"]
arrays = {f"layers/{i:03}.{name}": torch.cat([b[i] for b in batches]).float() for i, name in enumerate(names)}
save_file({**arrays, "labels/class": torch.cat(labels)}, "activations.safetensors")
