# Records the mean of the tokens at each layer for every text, for `pentimento inspect activations.safetensors`.
import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer

name, texts, labels = "bert-base-uncased", [...], [...]  # a model; texts, and an integer for each
tokenizer, model = AutoTokenizer.from_pretrained(name), AutoModel.from_pretrained(name).eval()
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token

batches = []
for at in range(0, len(texts), 32):
    batch = tokenizer(texts[at : at + 32], padding=True, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**batch, output_hidden_states=True).hidden_states  # the embedding, then each layer
    mask = batch["attention_mask"][..., None]
    batches.append([(x * mask).sum(1) / mask.sum(1) for x in hidden])
names = ["embedding"] + [f"layer.{i}" for i in range(1, len(batches[0]))]
arrays = {f"layers/{i:03}.{name}": torch.cat([b[i] for b in batches]).float() for i, name in enumerate(names)}
save_file({**arrays, "labels/label": torch.tensor(labels)}, "activations.safetensors")
