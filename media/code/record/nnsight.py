# Records the mean of the tokens at each layer for every text, for `pentimento inspect activations.safetensors`.
import torch
from nnsight import LanguageModel
from safetensors.torch import save_file

model = LanguageModel("openai-community/gpt2", device_map="auto", dispatch=True)
blocks = model.transformer.h  # the blocks of this model; model.model.layers of Llama
texts, labels = [...], [...]  # texts, and an integer for each

batches = []
for at in range(0, len(texts), 32):
    batch = model.tokenizer(texts[at : at + 32], padding=True, return_tensors="pt")
    with torch.no_grad(), model.trace(batch):
        hidden = [block.output[0].save() for block in blocks]
    mask = batch["attention_mask"][..., None]
    batches.append([(x.cpu().float() * mask).sum(1) / mask.sum(1) for x in hidden])
arrays = {f"layers/{i:03}.block.{i}": torch.cat([b[i] for b in batches]) for i in range(len(blocks))}
save_file({**arrays, "labels/label": torch.tensor(labels)}, "activations.safetensors")
