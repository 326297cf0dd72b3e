"""Tells the language of a text, or says nothing when the text is too short to tell."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LEAST_CHARACTERS = 120
LEAST_CONFIDENCE = 0.9
READ_FROM = 3000
# Reading all of that takes as long as taking a page apart. Of nearly all texts these samples of it tell
# the same: beginning, middle and end, so many characters each, where they leave hardly any doubt.
SAMPLE = 260
ENOUGH_CONFIDENCE = 0.995
# Scripts that tell the language by themselves; kana before Han, since Japanese uses both.
SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
LEAST_OF_SCRIPT = 15
SHARE_OF_SCRIPT = 0.1
# Scripts of so few languages that a line is enough: Greek, Armenian, Hebrew, Arabic, Georgian.
OF_FEW = re.compile(r"[\u0370-\u03ff\u0531-\u0587\u05d0-\u05ea\u0620-\u06d3\u10d0-\u10fa]")
LEAST_OF_FEW = 20
SHARE_OF_FEW = 0.6
# Forms of Arabic that the model tells apart, and that are written alike.
ARABIC = ("ar", "ary", "arz")
CODE = re.compile(r"[a-z]{2,3}")


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a text of at least 120 letters, or None when unsure.

    Fifteen characters of a script that only one language writes are enough, and a line of one that few
    write, such as Arabic.
    """
    head = text[:READ_FROM]
    for language, script in SCRIPTS.items():
        found = len(script.findall(head))
        if found > max(LEAST_OF_SCRIPT, SHARE_OF_SCRIPT * len(head)):
            # A few lines of Japanese may have fewer kana than that.
            is_japanese = language == "zh" and len(SCRIPTS["ja"].findall(head)) > SHARE_OF_SCRIPT * found
            return "ja" if is_japanese else language
    if len(head) < LEAST_CHARACTERS and not _is_of_few(head):
        return None
    if len(head) > 4 * SAMPLE:
        middle = (len(head) - SAMPLE) // 2
        samples = (head[:SAMPLE], head[middle : middle + SAMPLE], head[-SAMPLE:])
        language, confidence = _classify(" ".join(samples))
        if confidence >= ENOUGH_CONFIDENCE:
            return language
    language, confidence = _classify(head)
    return language if confidence >= LEAST_CONFIDENCE else None


def _is_of_few(text: str) -> bool:
    found = len(OF_FEW.findall(text))
    return found >= LEAST_OF_FEW and found > SHARE_OF_FEW * len(text)


def _classify(text: str) -> tuple[str, float]:
    """Return the language that the model finds most probable, and how probable; all Arabic is one."""
    language, confidence = identifier().classify(text)
    if language not in ARABIC:
        return str(language), float(confidence)
    ranked: dict[str, float] = dict(identifier().rank(text))
    return ARABIC[0], float(sum(ranked[each] for each in ARABIC))


def language_code(stated: str) -> str | None:
    """Return the code of a stated language: `en` for `en-US`, `en_GB` and `EN`."""
    match = CODE.match(stated.strip().lower())
    code = match[0] if match else ""
    separator = stated.strip()[len(code) :][:1]
    return code if code and separator in {"", "-", "_"} else None


@cache
def identifier() -> LanguageIdentifier:
    """Return the model that tells languages, loaded at the first call."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - a second to load

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
