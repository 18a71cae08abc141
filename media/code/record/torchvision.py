# Records the mean over positions of each stage for every image, for `pentimento inspect activations.safetensors`.
import torch
from safetensors.torch import save_file
from torchvision.datasets import ImageFolder
from torchvision.models import ResNet50_Weights, resnet50
from torchvision.models.feature_extraction import create_feature_extractor

weights = ResNet50_Weights.DEFAULT
names = ["relu", "layer1", "layer2", "layer3", "layer4", "flatten", "fc"]  # of get_graph_node_names(model)
model = create_feature_extractor(resnet50(weights=weights).eval(), names)
loader = torch.utils.data.DataLoader(ImageFolder("images", weights.transforms()), batch_size=32)  # images/class/image

rows, labels = {name: [] for name in names}, []
with torch.inference_mode():
    for images, targets in loader:
        for name, x in model(images).items():
            rows[name].append(x.mean((2, 3)) if x.ndim == 4 else x)
        labels.append(targets)
arrays = {f"layers/{i:03}.{name}": torch.cat(batches).float() for i, (name, batches) in enumerate(rows.items())}
save_file({**arrays, "labels/class": torch.cat(labels)}, "activations.safetensors")
