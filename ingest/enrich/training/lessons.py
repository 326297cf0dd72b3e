"""Has a large network tell what it thinks of texts, for a small one to learn from.

`python -m ingest.enrich.training.lessons DATA TEXTS TEACHER OUT`: TEACHER is a checkpoint of a large
network, TEXTS a file of JSON lines with a `text` each, which nobody has labelled. Its answers about them and
about one epoch of the corpora in DATA go to OUT, for `--lessons` of a training (Hinton et al. 2015,
"Distilling the knowledge in a neural network"). Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import torch

from ingest.enrich.recogniser.windows import windows_of
from ingest.enrich.training.corpora import part_of, read_corpora
from ingest.enrich.training.fit import Example, batches_of, epoch_of, tensors_of
from ingest.enrich.training.network import LARGE, Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH = 4096


def main() -> None:
    """Read, ask the teacher, and write its answers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "texts", "teacher", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random = Random(given.seed)
    documents = [each for each in read_corpora(given.data) if part_of(each) == "train"]
    examples = [*unlabelled(given.texts), *epoch_of(documents, random)]
    teacher = Network(LARGE)
    teacher.load_state_dict(torch.load(given.teacher))
    with given.out.open("wb") as file:
        for lesson in ask(teacher, examples, random):
            pickle.dump(lesson, file, protocol=pickle.HIGHEST_PROTOCOL)


def unlabelled(path: Path) -> Iterator[Example]:
    """Yield the windows of the texts in a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            for window in windows_of(json.loads(line)["text"]):
                yield Example(window=window, labels=[])


def ask(teacher: Network, examples: Sequence[Example], random: Random) -> Iterator[Example]:
    """Yield the examples with the teacher's probabilities, in another order."""
    teacher.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches_of(list(examples), BATCH, random):
            answers = teacher(*tensors_of(batch)).float().softmax(dim=2).numpy()
            for example, answer in zip(batch, answers, strict=True):
                taught = answer[: len(example.window.keep)].astype(np.float16)
                yield Example(window=example.window, labels=example.labels, taught=taught)


def read_lessons(path: Path) -> Iterator[Example]:
    """Yield what `main` wrote; raises pickle.UnpicklingError for another file. Read files of yours only."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301 - written by whoever trains


if __name__ == "__main__":
    main()
