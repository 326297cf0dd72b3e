"""What articles mean, as vectors: related ones are then found that share no words.

Off unless metadata.yml says `related: embeddings`. The vectors are those of WordLlama (MIT), whose
package carries its model of 16 MB, so that nothing is downloaded: a vector for each token, averaged
over the article. Their components are whole numbers, so that sums are exact on every processor.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ingest.model import Corpus

    Matrix = NDArray[np.float32]

PACKAGE = "wordllama"
DIMENSIONS = 256
BATCH = 256
LONGEST = 20_000
# A unit vector of 256 components has about 1/16 in each; eight bits hold four times that.
SCALE, MOST = 500, 127
COMPARED = 1 << 24


def explain_missing() -> str | None:
    """Return what to do to have embeddings, None where they are there."""
    if importlib.util.find_spec(PACKAGE) is None:
        return "embeddings need WordLlama. Install it: pip install 'readingroom[embeddings]'"
    return None


def embed(corpus: Corpus) -> Matrix:
    """Return a row for each article, in order: how its meaning differs from the collection's average.

    Rows are of length one or, for an article without text, of zeros. Time and memory grow with the
    collection: 256 numbers of four bytes an article.
    """
    texts: list[str] = []
    rows = [np.empty((0, DIMENSIONS), dtype=np.float32)]
    for entry in corpus.entries():
        texts.append(f"{entry.article.title}\n{entry.article.text}"[:LONGEST])
        if len(texts) == BATCH:
            rows.append(_model().embed(texts))
            texts = []
    if texts:
        rows.append(_model().embed(texts))
    vectors = np.concatenate(rows)
    vectors -= vectors.mean(axis=0, dtype=np.float64).astype(np.float32) if len(vectors) else 0
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    whole: Matrix = np.clip(np.rint(vectors * SCALE), -MOST, MOST).astype(np.float32)
    return whole


def compare(vectors: Matrix) -> Iterator[Matrix]:
    """Yield for each article how close it is to every article, from -1 to 1.

    Compares each with each: ten times the articles take a hundred times as long.
    """
    lengths = np.maximum(np.linalg.norm(vectors.astype(np.float64), axis=1), 1)
    step = max(1, COMPARED // max(len(vectors), 1))
    for start in range(0, len(vectors), step):
        block = slice(start, start + step)
        for number, sums in enumerate(vectors[block] @ vectors.T, start):
            yield (sums / (lengths[number] * lengths)).astype(np.float32)


@cache
def _model() -> Any:
    """Return the package's own model; without its folder it would look for files elsewhere."""
    package = importlib.import_module(PACKAGE)
    folder = Path(str(package.__file__)).parent
    return package.WordLlama.load(cache_dir=folder, disable_download=True)
