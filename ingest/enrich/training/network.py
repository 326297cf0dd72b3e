"""The network: a six-layer BERT encoder that reads only the judged units in its upper half.

Weights are those of all-MiniLM-L6-v2 (Wang et al. 2020; sentence-transformers) plus an embedding
of each piece's shape and a layer of class scores. The lower `FULL` layers see every piece of a
window; then only the judged units' first pieces go on, as in PoWER-BERT (Goyal et al. 2020).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from ingest.enrich.recogniser.decoding import LABELS
from ingest.enrich.recogniser.pieces import SHAPES

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, FULL, HEADS, WIDTH, INNER = 6, 3, 12, 384, 1536
PIECES, PLACES, ALL_SHAPES = 30522, 256, 2 * SHAPES + 1
EPSILON = 1e-12
DROPOUT = 0.1
NEW = ("shapes", "scores")
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "last_norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self) -> None:
        """Make the layer's weights."""
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm, self.last_norm = (nn.LayerNorm(WIDTH, EPSILON) for _ in range(2))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the layer's output; `mask` is true where there is something to see."""
        batch, length, _ = x.shape

        def heads(y: torch.Tensor) -> torch.Tensor:
            return y.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        y = functional.scaled_dot_product_attention(
            heads(self.query(x)), heads(self.key(x)), heads(self.value(x)), attn_mask=mask[:, None, None]
        )
        y = self.attended(y.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.norm(x + functional.dropout(y, DROPOUT, self.training))
        y = self.narrow(functional.gelu(self.widen(x)))
        return self.last_norm(x + functional.dropout(y, DROPOUT, self.training))


class Network(nn.Module):
    """From pieces and shapes to class scores of the judged units."""

    def __init__(self) -> None:
        """Make the weights; `load_base` fills in all but the new ones."""
        super().__init__()
        self.words, self.places = nn.Embedding(PIECES, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.shapes = nn.Embedding(ALL_SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.scores = nn.Linear(WIDTH, len(LABELS))
        for weight in (self.shapes.weight, self.scores.weight):
            nn.init.normal_(weight, 0, 0.02)
        nn.init.zeros_(self.scores.bias)

    def forward(self, pieces: torch.Tensor, shapes: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        """Return scores (batch, kept, labels); padding is 0 in `pieces` and -1 in `keep`."""
        x = self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.shapes(shapes)
        x = functional.dropout(self.norm(x), DROPOUT, self.training)
        mask = pieces != 0
        for layer in self.layers[:FULL]:
            x = layer(x, mask)
        x = x.gather(1, keep.clamp(min=0)[:, :, None].expand(-1, -1, WIDTH))
        mask = keep >= 0
        for layer in self.layers[FULL:]:
            x = layer(x, mask)
        return self.scores(functional.dropout(x, DROPOUT, self.training))


def load_base(network: Network, weights: Path) -> None:
    """Fill in the base model's weights from its safetensors file; raises KeyError where one is missing."""
    from safetensors.torch import load_file  # noqa: PLC0415 - only training needs it

    base: dict[str, Any] = load_file(weights)
    state = network.state_dict()
    state["words.weight"] = base["embeddings.word_embeddings.weight"]
    kinds = base["embeddings.token_type_embeddings.weight"]
    state["places.weight"] = base["embeddings.position_embeddings.weight"][:PLACES] + kinds[0]
    for end in ("weight", "bias"):
        state[f"norm.{end}"] = base[f"embeddings.LayerNorm.{end}"]
        for number in range(LAYERS):
            for own, theirs in PARTS.items():
                state[f"layers.{number}.{own}.{end}"] = base[f"encoder.layer.{number}.{theirs}.{end}"]
    network.load_state_dict(state)
