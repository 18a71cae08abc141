# Records the mean of the tokens of the residual stream at each layer for every text, for `pentimento inspect activations.safetensors`.
import torch
from safetensors.torch import save_file
from transformer_lens import HookedTransformer

model = HookedTransformer.from_pretrained("gpt2")
texts, labels = [...], [...]  # texts, and an integer for each
names = ["hook_embed"] + [f"blocks.{i}.hook_resid_post" for i in range(model.cfg.n_layers)]

batches = []
for at in range(0, len(texts), 32):
    tokens = model.to_tokens(texts[at : at + 32], padding_side="right")
    mask = (tokens != model.tokenizer.pad_token_id).unsqueeze(-1)
    mask[:, 0] = True  # the first token may be the one that pads
    with torch.inference_mode():
        _, cache = model.run_with_cache(tokens, names_filter=lambda name: name in names)
    batches.append([((cache[name] * mask).sum(1) / mask.sum(1)).float().cpu() for name in names])
arrays = {f"layers/{i:03}.{name}": torch.cat([b[i] for b in batches]) for i, name in enumerate(names)}
save_file({**arrays, "labels/label": torch.tensor(labels)}, "activations.safetensors")
