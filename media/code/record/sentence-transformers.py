# Records the mean of the tokens at each layer and the final embedding of every text, for `pentimento inspect activations.safetensors`.
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.util import batch_to_device

model = SentenceTransformer("all-MiniLM-L6-v2")
texts, labels = [...], [...]  # texts, and an integer for each

batches = []
for at in range(0, len(texts), 32):
    batch = batch_to_device(model.tokenize(texts[at : at + 32]), model.device)
    inputs = {key: batch[key] for key in ["input_ids", "attention_mask"]}
    with torch.inference_mode():
        hidden = model[0].auto_model(**inputs, output_hidden_states=True).hidden_states
        final = model(batch)["sentence_embedding"]
    mask = batch["attention_mask"][..., None]
    batches.append([(x * mask).sum(1) / mask.sum(1) for x in hidden] + [final])
names = ["embedding"] + [f"layer.{i}" for i in range(1, len(batches[0]) - 1)] + ["sentence_embedding"]
arrays = {f"layers/{i:03}.{name}": torch.cat([b[i] for b in batches]).float().cpu() for i, name in enumerate(names)}
save_file({**arrays, "labels/label": torch.tensor(labels)}, "activations.safetensors")
