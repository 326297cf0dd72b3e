"""The networks: a BERT encoder that reads only the judged units in its upper layers, small and large.

Weights are those of all-MiniLM-L6-v2 (Wang et al. 2020; sentence-transformers) plus an embedding
of each piece's shape and a layer of class scores. The lower layers see every piece of a window; then
only the judged units' first pieces go on, as in PoWER-BERT (Goyal et al. 2020). The large one, of whose
answers the small one learns, is all-mpnet-base-v2 (Song et al. 2020), whose layers share a bias for each
distance between two pieces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from ingest.enrich.recogniser.decoding import LABELS
from ingest.enrich.recogniser.pieces import END, SHAPES, START, UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, FULL, HEADS, WIDTH = 6, 3, 12, 384
PIECES, PLACES, ALL_SHAPES = 30522, 256, 2 * SHAPES + 1
EPSILON = 1e-12
DROPOUT = 0.1
MASK = 103
NEW = ("shapes", "scores")
BERT = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "last_norm": "output.LayerNorm",
}
MPNET = BERT | {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "attended": "attention.attn.o",
    "norm": "attention.LayerNorm",
}
# Distances that MPNet tells apart: each up to eight, then wider and wider ones up to 128, either way.
DISTANCES, NEAR, FAR = 32, 8, 128


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The measures of a network; `distances` where its attention minds how far apart two pieces are."""

    layers: int
    full: int
    width: int
    epsilon: float
    distances: bool


SMALL = Plan(layers=LAYERS, full=FULL, width=WIDTH, epsilon=EPSILON, distances=False)
LARGE = Plan(layers=12, full=8, width=768, epsilon=1e-5, distances=True)


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, plan: Plan) -> None:
        """Make the layer's weights."""
        super().__init__()
        width, inner = plan.width, 4 * plan.width
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm, self.last_norm = (nn.LayerNorm(width, plan.epsilon) for _ in range(2))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the layer's output; `mask` is true, or added to, where there is something to see."""
        batch, length, width = x.shape

        def heads(y: torch.Tensor) -> torch.Tensor:
            return y.view(batch, length, HEADS, width // HEADS).transpose(1, 2)

        y = functional.scaled_dot_product_attention(
            heads(self.query(x)), heads(self.key(x)), heads(self.value(x)), attn_mask=mask
        )
        y = self.attended(y.transpose(1, 2).reshape(batch, length, width))
        x = self.norm(x + functional.dropout(y, DROPOUT, self.training))
        y = self.narrow(functional.gelu(self.widen(x)))
        return self.last_norm(x + functional.dropout(y, DROPOUT, self.training))


class Network(nn.Module):
    """From pieces and shapes to class scores of the judged units."""

    def __init__(self, plan: Plan = SMALL) -> None:
        """Make the weights; `load_base` fills in all but the new ones."""
        super().__init__()
        self.plan = plan
        self.words, self.places = nn.Embedding(PIECES, plan.width), nn.Embedding(PLACES, plan.width)
        self.shapes = nn.Embedding(ALL_SHAPES, plan.width)
        self.norm = nn.LayerNorm(plan.width, plan.epsilon)
        self.layers = nn.ModuleList(Layer(plan) for _ in range(plan.layers))
        self.scores = nn.Linear(plan.width, len(LABELS))
        if plan.distances:
            self.distances = nn.Embedding(DISTANCES, HEADS)
        for weight in (self.shapes.weight, self.scores.weight):
            nn.init.normal_(weight, 0, 0.02)
        nn.init.zeros_(self.scores.bias)

    def forward(self, pieces: torch.Tensor, shapes: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        """Return scores (batch, kept, labels); padding is 0 in `pieces` and -1 in `keep`."""
        x = self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.shapes(shapes)
        x = functional.dropout(self.norm(x), DROPOUT, self.training)
        places = torch.arange(pieces.shape[1]).expand(len(pieces), -1)
        mask = self._mask(pieces != 0, places)
        for layer in self.layers[: self.plan.full]:
            x = layer(x, mask)
        kept = keep.clamp(min=0)
        x = x.gather(1, kept[:, :, None].expand(-1, -1, x.shape[2]))
        mask = self._mask(keep >= 0, kept)
        for layer in self.layers[self.plan.full :]:
            x = layer(x, mask)
        return self.scores(functional.dropout(x, DROPOUT, self.training))

    def _mask(self, seen: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Return what attention may see (batch, 1, 1, length), with the bias of each distance if any."""
        mask = seen[:, None, None]
        if not self.plan.distances:
            return mask
        bias = self.distances(_distances(places[:, None, :] - places[:, :, None])).permute(0, 3, 1, 2)
        return bias.masked_fill(~mask, float("-inf"))


def _distances(apart: torch.Tensor) -> torch.Tensor:
    """Return the number of each distance, as MPNet and T5 (Raffel et al. 2020) count them."""
    after = (apart > 0) * (DISTANCES // 2)
    far = apart.abs().clamp(min=1)
    wide = NEAR + (torch.log(far / NEAR) / math.log(FAR / NEAR) * (DISTANCES // 2 - NEAR)).long()
    return after + torch.where(apart.abs() < NEAR, apart.abs(), wide.clamp(max=DISTANCES // 2 - 1))


def load_base(network: Network, weights: Path) -> None:
    """Fill in the base model's weights from its safetensors file; raises KeyError where one is missing."""
    from safetensors.torch import load_file  # noqa: PLC0415 - only training needs it

    base: dict[str, Any] = load_file(weights)
    state = network.state_dict()
    # MPNet's pieces and places begin with marks of its own that BERT's have not, or elsewhere.
    pieces, places, parts = (4, 2, MPNET) if network.plan.distances else (0, 0, BERT)
    state["words.weight"] = base["embeddings.word_embeddings.weight"][pieces : pieces + PIECES].clone()
    state["places.weight"] = base["embeddings.position_embeddings.weight"][places : places + PLACES].clone()
    if network.plan.distances:
        state["distances.weight"] = base["encoder.relative_attention_bias.weight"]
        marks = {START: 0, END: 2, UNKNOWN: 3, MASK: PIECES + pieces}
        for mark, place in marks.items():
            state["words.weight"][mark] = base["embeddings.word_embeddings.weight"][place]
    else:
        state["places.weight"] += base["embeddings.token_type_embeddings.weight"][0]
    for end in ("weight", "bias"):
        state[f"norm.{end}"] = base[f"embeddings.LayerNorm.{end}"]
        for number in range(network.plan.layers):
            for own, theirs in parts.items():
                state[f"layers.{number}.{own}.{end}"] = base[f"encoder.layer.{number}.{theirs}.{end}"]
    network.load_state_dict(state)
