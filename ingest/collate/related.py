"""Related articles: for each, up to ten others on the same matter, by the words that are rare elsewhere.

An article is a vector of words and names, weighted by TF-IDF (Spärck Jones, "A statistical
interpretation of term specificity", 1972); two are as close as the cosine between them. Words
count within their language, so that the articles of a small language do not all seem alike
by its commonest words; names count across languages. Where the owner asks for embeddings, what
articles mean counts as much as their words.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO
from zlib import crc32

import numpy as np

from ingest.collate.embeddings import compare, embed
from ingest.collate.stories import find_stories
from ingest.collate.wording import pair_characters, split_words
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ingest.collate.wording import Hashes, Numbers
    from ingest.model import Corpus, Entry, Row

MOST_RELATED = 10
# Both chosen on the sample's gold, `tests/gold/related.json`; the second is of the mean of both cosines,
# where meanings are compared as well.
LEAST_SCORE = 0.081
LEAST_MEAN = 0.1004
# Words are compared by their beginnings, which serves as stemming in many languages
# (McNamee and Mayfield, "Character n-gram tokenization", 2004).
STEM = 6
LEAST_LETTERS = 3
TITLE_WEIGHT = 2
PERSON = "PERSON"
NAME_WEIGHT = 1.5
# Terms share a table of fixed size, whatever the vocabulary.
BUCKETS = 1 << 23
KEPT_PLACES = 1 << 17
MOST_TIMES = 1000
# What is compared: so many of an article's weightiest terms, if few enough articles have them.
MOST_TERMS = 64
MOST_ARTICLES = 1000
# Scoring all articles is quicker than picking those that share a term, unless there are more.
MOST_DENSE = 100_000
SCALE = 100
# Where in a number of 64 bits a term and an article's place begin; the weight comes last.
TERM, PLACE = 40, 16
LAST_PLACE, LAST_WEIGHT = np.uint64((1 << TERM - PLACE) - 1), np.uint64((1 << PLACE) - 1)
READ_TOGETHER, SORTED_TOGETHER = 1_000, 4_000_000  # articles, and terms of articles
COUNTED_TOGETHER = 250_000  # terms of articles; each takes a hundred bytes while it is weighed
COUNT = np.dtype([("place", np.int32), ("times", np.uint16)])
NOTHING, NOBODY = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Postings:
    """Who has each term, by its place among all articles, and its weight there: 6 bytes for each.

    Those of term n stand from `bounds[n]` to `bounds[n + 1]`.
    """

    places: NDArray[np.int32]
    weights: NDArray[np.uint16]
    bounds: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """Every article's terms with their weights, in a file: `sizes[n]` numbers are those of the nth.

    One number is a term, the article's place among all, and the weight.
    """

    ids: NDArray[np.int32]
    groups: NDArray[np.int32]
    sizes: NDArray[np.int32]
    lengths: NDArray[np.float64]
    file: BinaryIO

    def postings(self) -> Postings:
        """Return all of them by term."""
        total = int(self.sizes.sum())
        bounds = np.zeros(2 * BUCKETS + 1, dtype=np.int32)
        places, weights = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.uint16)
        shares, filled = 1 + total // SORTED_TOGETHER, 0
        for share in range(shares):
            begin, end = (2 * BUCKETS * each // shares for each in (share, share + 1))
            wanted = ((some, some >> np.uint64(TERM)) for some in self._some())
            chosen = np.concatenate([some[(terms >= begin) & (terms < end)] for some, terms in wanted])
            chosen.sort()
            np.add.at(bounds, (chosen >> np.uint64(TERM)).astype(np.int64) + 1, 1)
            places[filled : filled + len(chosen)] = chosen >> np.uint64(PLACE) & LAST_PLACE
            weights[filled : filled + len(chosen)] = chosen & LAST_WEIGHT
            filled += len(chosen)
        return Postings(places=places, weights=weights, bounds=np.cumsum(bounds, out=bounds))

    def _some(self) -> Iterator[Hashes]:
        """Yield all of them, so many at a time."""
        self.file.seek(0)
        yield NOTHING
        while len(some := np.fromfile(self.file, dtype=np.uint64, count=SORTED_TOGETHER)):
            yield some

    def of_each(self) -> Iterator[Hashes]:
        """Yield those of each article in turn."""
        self.file.seek(0)
        for begin in range(0, len(self.sizes), READ_TOGETHER):
            bounds = np.cumsum(self.sizes[begin : begin + READ_TOGETHER])
            together = np.fromfile(self.file, dtype=np.uint64, count=int(bounds[-1]))
            yield from np.split(together, bounds[:-1])


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How often every article has each term, in a file: `sizes[n]` counts are those of the nth.

    `wholes` are the articles that others are parts of, `languages` the numbers of their languages, which
    so many articles are `speaking`, and `spread` says in how many articles each term stands.
    """

    ids: NDArray[np.int32]
    wholes: NDArray[np.int32]
    sizes: NDArray[np.int32]
    languages: NDArray[np.int32]
    speaking: Numbers
    spread: NDArray[np.int32]
    file: BinaryIO

    def some(self) -> Iterator[tuple[int, int, NDArray[Any]]]:
        """Yield the counts of some articles at a time: from which to which, and theirs."""
        self.file.seek(0)
        ends = np.cumsum(self.sizes, dtype=np.int64)
        begin = read = 0
        while begin < len(ends):
            end = max(begin + 1, int(np.searchsorted(ends, read + COUNTED_TOGETHER, side="right")))
            yield begin, end, np.fromfile(self.file, dtype=COUNT, count=int(ends[end - 1]) - read)
            begin, read = end, int(ends[end - 1])


@collation(name="related", version="1", requires=("stories",), long=True)
def collate_related(corpus: Corpus) -> Iterator[Row]:
    """Yield up to ten related articles for each, the closest first.

    Copies of the article and parts of the same text are none, and of a story only the earliest
    version is named. Nothing is yielded that scores below the floor.
    """
    stories = find_stories(corpus)
    vectors = weigh(corpus, {article: story[0] for story in stories for article in story})
    later = {article for story in stories for article in story[1:]}
    meanings = compare(embed(corpus)) if corpus.embeddings else None
    with vectors.file:
        for article, related in find_related(vectors, later, meanings):
            for other, score in related:
                yield "related", {"article_id": article, "related_id": other, "score": score}


def weigh(corpus: Corpus, story_of: dict[int, int]) -> Vectors:
    """Return the vectors of all articles; weights are whole numbers, so that sums are exact.

    `story_of` gives the first article of the story that an article belongs to. Holds 28 bytes for
    each article, and 64 MiB for the counts; a file holds 6 bytes for each term of an article meanwhile.
    """
    with corpus.scratch() as file:
        terms = _count_terms(corpus, file)
        # By table, since numpy's own logarithms differ in their last digit between processors.
        numbers = range(1, max(len(terms.ids), MOST_TIMES) + 1)
        logarithms = np.array([0.0, *map(math.log, numbers)])
        groups = map(story_of.get, terms.ids.tolist(), terms.wholes.tolist())
        vectors = Vectors(
            ids=terms.ids,
            groups=np.fromiter(groups, dtype=np.int32),
            sizes=np.zeros(len(terms.ids), dtype=np.int32),
            lengths=np.ones(len(terms.ids), dtype=np.float64),
            file=corpus.scratch(),
        )
        for begin, end, found in terms.some():
            owners = np.repeat(np.arange(begin, end), terms.sizes[begin:end])
            places, times = found["place"].astype(np.int64), found["times"]
            articles = terms.spread[places]
            named = places % 2 == 1
            everything = np.where(named, len(terms.ids), terms.speaking[terms.languages[owners]])
            rarity = logarithms[everything] - logarithms[articles]
            boost = np.where(named, NAME_WEIGHT, 1.0)
            exact = SCALE * boost * (1 + logarithms[times]) * rarity
            weights = np.maximum(np.rint(exact), 0).astype(np.int64)
            squares = np.bincount(owners - begin, weights * weights, minlength=end - begin)
            vectors.lengths[begin:end] = np.sqrt(np.where(squares > 0, squares, 1))
            usable = np.flatnonzero((weights > 0) & (articles > 1) & (articles <= MOST_ARTICLES))
            usable = usable[np.lexsort((places[usable], -weights[usable], owners[usable]))]
            whose = owners[usable]
            kept = usable[np.arange(len(usable)) - np.searchsorted(whose, whose) < MOST_TERMS]
            vectors.sizes[begin:end] = np.bincount(owners[kept] - begin, minlength=end - begin)
            vectors.file.write(((places[kept] << TERM) | (owners[kept] << PLACE) | weights[kept]).tobytes())
    return vectors


def _count_terms(corpus: Corpus, file: BinaryIO) -> Terms:
    """Return how often every article has each term, written into the file."""
    spread = np.zeros(2 * BUCKETS, dtype=np.int32)
    ids, wholes, sizes, languages = array("i"), array("i"), array("i"), array("i")
    numbers: dict[str | None, int] = {}
    for entry in corpus.entries():
        places, times = read_terms(corpus, entry)
        spread[places] += 1
        counts = np.empty(len(places), dtype=COUNT)
        counts["place"], counts["times"] = places, times
        file.write(counts.tobytes())
        ids.append(entry.id)
        wholes.append(entry.part_of or entry.id)
        sizes.append(len(places))
        languages.append(numbers.setdefault(entry.article.language, len(numbers)))
    spoken = np.frombuffer(languages, dtype=np.int32)
    return Terms(
        ids=np.frombuffer(ids, dtype=np.int32),
        wholes=np.frombuffer(wholes, dtype=np.int32),
        sizes=np.frombuffer(sizes, dtype=np.int32),
        languages=spoken,
        speaking=np.bincount(spoken),
        spread=spread,
        file=file,
    )


def read_terms(corpus: Corpus, entry: Entry) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the places of an article's terms in the table of terms, and how often it has each."""
    article = entry.article
    names = (f"{mention.kind} {mention.name}" for mention in entry.facts.mentions)
    told = (article.language or "", article.title, article.description or "", *names, article.text)
    given = "\n".join(told)
    known = np.frombuffer(corpus.recall("terms", given, partial(_pack_terms, entry)), dtype=np.int32)
    places, times = known.reshape(2, -1)
    return places, times


def _pack_terms(entry: Entry) -> bytes:
    counts = count_terms(entry)
    times = (min(each, MOST_TIMES) for each in counts.values())
    return np.fromiter(chain(counts, times), dtype=np.int32).tobytes()


def count_terms(entry: Entry) -> Counter[int]:
    """Return how often an article has each term: beginnings of words, names, and surnames."""
    article = entry.article
    stems: Counter[str] = Counter()
    for text, times in ((article.title, TITLE_WEIGHT), (article.description or "", 1), (article.text, 1)):
        words = [word[:STEM] for word in split_words(text) if len(word) >= LEAST_LETTERS]
        for _ in range(times):
            stems.update(words)
            stems.update(pair_characters(text))
    language = article.language or ""
    counts = Counter(
        {place_word(language, stem): number for stem, number in stems.items() if not stem.isdecimal()}
    )
    for mention in entry.facts.mentions:
        name = split_words(mention.name)
        counts[place_name(" ".join(name))] += 1
        if len(name) > 1 and mention.kind == PERSON:
            counts[place_name(name[-1])] += 1
    return counts


@lru_cache(maxsize=KEPT_PLACES)
def place_word(language: str, word: str) -> int:
    """Return the place of a word's beginning in the table of terms: an even number."""
    return crc32(f"{language} {word}".encode("utf-8", "replace")) % BUCKETS << 1


@lru_cache(maxsize=KEPT_PLACES)
def place_name(name: str) -> int:
    """Return the place of a name in the table of terms: an odd number."""
    return crc32(name.encode("utf-8", "replace")) % BUCKETS << 1 | 1


def find_related(
    vectors: Vectors, later: set[int], meanings: Iterator[NDArray[np.float32]] | None = None
) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """Yield each article with those related to it and their scores; `later` are never named.

    `meanings` gives for each article in turn how close every article is in meaning; scores are
    then the mean of that and of the words' cosine.
    """
    postings = vectors.postings()
    named = ~np.isin(vectors.ids, np.array(sorted(later), dtype=np.int64))
    sums = np.zeros(len(vectors.ids), dtype=np.float64)
    for place, (article, own) in enumerate(zip(vectors.ids.tolist(), vectors.of_each(), strict=True)):
        nearness = next(meanings) if meanings else None
        if not len(own) and nearness is None:
            continue
        terms = (own >> np.uint64(TERM)).astype(np.int64)
        begins, ends = postings.bounds[terms], postings.bounds[terms + 1]
        spans = [slice(*span) for span in zip(begins.tolist(), ends.tolist(), strict=True)]
        touched = np.concatenate([NOBODY, *map(postings.places.__getitem__, spans)])
        # Floats hold products of such whole numbers, and their sums, exactly.
        products = np.repeat((own & LAST_WEIGHT).astype(np.float64), ends - begins)
        products *= np.concatenate([NOBODY, *map(postings.weights.__getitem__, spans)])
        np.add.at(sums, touched, products)
        close, scores = _score(vectors, place, touched, sums, nearness)
        sums[touched] = 0
        other = named[close] & (vectors.groups[close] != vectors.groups[place])
        yield article, _choose(vectors, close[other], np.round(scores[other], 3))


def _score(
    vectors: Vectors,
    place: int,
    touched: Numbers,
    sums: NDArray[np.float64],
    nearness: NDArray[np.float32] | None,
) -> tuple[Numbers, NDArray[np.float64]]:
    """Return the places of the articles that are close enough to that at a place, rising, and their scores.

    `touched` are those that share a term with it, once for each; of very many only these are scored.
    """
    own = vectors.lengths[place]
    if nearness is None and len(vectors.ids) > MOST_DENSE:
        close = np.unique(touched[sums[touched] / (own * vectors.lengths[touched]) >= LEAST_SCORE])
        return close, sums[close] / (own * vectors.lengths[close])
    scores = sums / (own * vectors.lengths)
    scores = scores if nearness is None else (scores + nearness) / 2
    close = np.flatnonzero(scores >= (LEAST_SCORE if nearness is None else LEAST_MEAN))
    return close, scores[close]


def _choose(vectors: Vectors, close: Numbers, scores: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Return the ten closest, one of each group; of equally close ones the first."""
    chosen: dict[int, tuple[int, float]] = {}
    for place in np.lexsort((close, -scores)).tolist():
        chosen.setdefault(
            int(vectors.groups[close[place]]), (int(vectors.ids[close[place]]), float(scores[place]))
        )
        if len(chosen) == MOST_RELATED:
            break
    return list(chosen.values())
