"""How sure a speaker is, by what the words for them are and by how they were found.

Each number is the probability that the speaker is right, counted on the development halves of the gold
collections and rounded, see benchmarks/quality/quotations.py. What these hardly have, a lone capital that
opens its sentence and a thing that is no writing and no body of people, was counted on posts of digital.gov.
"""

from __future__ import annotations

SURE_OF_WORDS = {
    "name-person": 0.98,
    "name-org": 0.85,
    "name-other": 0.9,
    "words": 0.85,
    "first-word": 0.3,
    "thing": 0.85,
    "thing-other": 0.6,
    "described": 0.85,
    "office": 0.75,
    "pronoun-goes-on-known": 0.95,
    "pronoun-goes-on": 0.75,
    "pronoun-only-known": 0.85,
    "pronoun-only": 0.65,
    "pronoun-nearest-known": 0.9,
    "pronoun-nearest": 0.7,
    "pronoun-first-known": 0.65,
    "pronoun-words": 0.75,
    "pronoun-open": 0.3,
    "label": 0.95,
    "label-words": 0.85,
    "label-open": 0.3,
}
SURE_OF_PLACE = {
    "colon": 0.85,
    "beat before": 0.55,
    "beat after": 0.55,
    "said before": 0.85,
    "joined": 0.95,
    "carried": 0.65,
    "alternate": 0.45,
    "same passage": 0.5,
    "implied": 0.85,
}
