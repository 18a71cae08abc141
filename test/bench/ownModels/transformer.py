"""The 6-layer nn.TransformerEncoder of `npm run bench -- own-models`."""
import torch
from torch import nn

WORDS = 2000
LONGEST = 64
WIDTH = 256


class Embedding(nn.Module):
    """Of words and their positions."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(LONGEST, WIDTH)

    def forward(self, ids):
        return self.words(ids) + self.positions(torch.arange(ids.shape[1]))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = Embedding()
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 4 * WIDTH, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)

    def forward(self, input_ids, attention_mask):
        return self.encoder(self.embedding(input_ids), src_key_padding_mask=attention_mask == 0)
