"""Averages checkpoints of several trainings: `python -m ingest.enrich.training.soup OUT FILE...`.

Networks that were fitted from the same base with other seeds and rates lie so near to each other that
the mean of their weights is better than any of them, on unlike text above all, and costs nothing when
it reads (Wortsman et al. 2022, "Model soups"). The mean goes to OUT as `soup.pt` and `recogniser.onnx`.
A file that is named twice counts twice. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


def main() -> None:
    """Average, and write the model."""
    import torch  # noqa: PLC0415 - only training needs it

    from ingest.enrich.training.export import export  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="FILE")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    weights = average([torch.load(path) for path in given.checkpoints])
    torch.save(weights, given.out / "soup.pt")
    export({name: value.numpy() for name, value in weights.items()}, given.out / "recogniser.onnx")


def average(checkpoints: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of each weight; raises KeyError where a checkpoint lacks one."""
    return {
        name: sum((each[name] for each in checkpoints[1:]), weight) / len(checkpoints)
        for name, weight in checkpoints[0].items()
    }


if __name__ == "__main__":
    main()
