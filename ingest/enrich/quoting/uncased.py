"""Who says a quotation in Chinese, Japanese and Arabic, where no capital tells a name.

The words between a verb of saying and the beginning or end of its clause are taken for the speaker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.quoting.quotation_marks import find_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.enrich.quoting.quotation_marks import Marked

    Place = tuple[int, int]

COLON, COMMA = "\uff1a:", "\uff0c,"
CHINESE_SAYS = (
    "告诉记者|告訴記者|补充说|補充說|说道|說道|写道|寫道|表示|指出|强调|強調|宣布|宣佈|认为|認為|透露|回应|回應"
    "|坦言|呼吁|呼籲|警告|解释|解釋|承认|承認|说|說|称|稱|问|問"
)
CHINESE_CUE = re.compile(CHINESE_SAYS)
CHINESE_BEFORE = re.compile(
    rf"(?P<who>[^{COLON}{COMMA}。！？；、\s]{{1,30}}?)(?P<cue>{CHINESE_SAYS})(?P<rest>[{COLON}{COMMA}]?[^。！？]{{0,30}})\Z"
)
CHINESE_AFTER = re.compile(
    rf"\s*[{COMMA}]?(?P<who>[^{COLON}{COMMA}。！？；、\s]{{1,20}}?)(?P<cue>{CHINESE_SAYS})(?=[{COLON}{COMMA}。]|\Z)"
)
# What a speaker's name is followed by before the verb: where, when and to whom they spoke.
CHINESE_CIRCUMSTANCE = re.compile(
    r"(?<=..)(?:在|对|對|向|于|於|今|昨|日|就|也|还|還|则|則|随后|隨後|同时|同時).*"
)
JAPANESE_SAYS = (
    "述べ|語|話し|話す|説明|発表|表明|強調|指摘|訴え|答え|言っ|明らかに|コメント|批判|振り返"
    "|の談話|の声明|の考え"
)
JAPANESE_AFTER = re.compile(rf"と(?P<between>[^。]{{0,40}}?)(?P<cue>{JAPANESE_SAYS})")
JAPANESE_TOPIC = re.compile(r"(?P<who>[^。、（）()\s]{1,24}?)(?:（[^）]{1,12}）)?(?:は|が)")
ARABIC_SAYS = (
    "قال|قالت|أضاف|أضافت|صرح|صرحت|أكد|أكدت|أوضح|أوضحت|ذكر|ذكرت|أعلن|أعلنت|تابع|تابعت|كتب|كتبت|رأى|شدد|شددت"
    "|اعتبر|اعتبرت|حذر|حذرت|يقول|تقول"
)
ARABIC_BEFORE = re.compile(
    rf"(?<!\w)[وف]?(?P<cue>{ARABIC_SAYS})(?!\w)(?P<who>(?:\s+(?!(?:إن|أن|بأن|إنه|إنها|أنه|أنها|في|خلال|أمام|عبر|بعد|يوم|مساء"
    r"|على|إلى|من|لوكالة|للصحفيين)\b)[^\s:،.]+){0,7})(?P<rest>[^.؟!]{0,80})\Z"
)
PRONOUNS = frozenset(("他", "她", "他们", "她们", "彼", "彼女", "同氏"))
LONGEST_BEFORE = 160
LEAST_SENTENCE, LEAST_WORDS = 8, 2
ENDING = "。！？!?.؟"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was said, by which words, and the verb; `goes_on` where the last speaker goes on."""

    start: int
    end: int
    kind: str
    who: Place | None = None
    cue: str | None = None
    goes_on: bool = False


def find_said(text: str, language: str) -> Iterator[Said]:
    """Yield the quotations of a text, in order; marks around words that nobody says are left out."""
    end = 0
    for marked in sorted(find_marked(text), key=lambda each: each.start):
        if marked.outer_start < end or marked.single:
            continue
        stretch = text[max(end, marked.outer_start - LONGEST_BEFORE) : marked.outer_start]
        begun = marked.outer_start - len(stretch.rpartition("\n")[2])
        found = FINDERS[language](text, marked, begun)
        whole = len(text[marked.start : marked.end]) >= LEAST_SENTENCE
        if found is None and whole and text[marked.end - 1] in ENDING:
            found = Said(start=marked.start, end=marked.end, kind="direct")
        if found:
            yield found
            end = marked.outer_end


def _chinese(text: str, marked: Marked, begun: int) -> Said | None:
    """Return who is named with the verb before the marks, else after them."""
    said = CHINESE_CUE.search(text, begun, marked.outer_start)  # told in a tenth of the time
    if said and (before := CHINESE_BEFORE.search(text, begun, marked.outer_start)):
        # endpos is the end for \Z, so that only what stands right before the marks is read.
        direct = len(before["rest"]) <= 1
        return _said(marked, before, "direct" if direct else "partial", CHINESE_CIRCUMSTANCE)
    after = CHINESE_AFTER.match(text, marked.outer_end)
    return _said(marked, after, "direct", CHINESE_CIRCUMSTANCE) if after else None


def _japanese(text: str, marked: Marked, begun: int) -> Said | None:
    """Return the topic between the marks and the verb after them, else the one before the marks."""
    after = JAPANESE_AFTER.match(text, marked.outer_end)
    if after is None:
        return None
    begun = max(begun, text.rfind("。", begun, marked.outer_start) + 1)
    who = None
    for topic in JAPANESE_TOPIC.finditer(text, *after.span("between")):
        who = topic.span("who")
    if who is None and (topic_before := JAPANESE_TOPIC.search(text, begun, marked.outer_start)):
        who = topic_before.span("who")
    return Said(start=marked.start, end=marked.end, kind="direct", who=who, cue=after["cue"])


def _arabic(text: str, marked: Marked, begun: int) -> Said | None:
    """Return the words after the verb before the marks, up to where or to whom it was said."""
    last = None
    for match in re.finditer(rf"(?<!\w)[وف]?(?:{ARABIC_SAYS})(?!\w)", text[begun : marked.outer_start]):
        last = match
    before = ARABIC_BEFORE.match(text, begun + last.start(), marked.outer_start) if last else None
    if before is None:
        return None
    direct = text[begun : marked.outer_start].rstrip()[-1:] == ":"
    if not before["who"].strip():
        # Whoever the clause before is about may speak, unless it is only the quotation before this one.
        goes_on = not text[begun : before.start()].strip(' .،"»”')
        return Said(start=marked.start, end=marked.end, kind="direct", cue=before["cue"], goes_on=goes_on)
    return _said(marked, before, "direct" if direct else "partial", None)


def _said(marked: Marked, match: re.Match[str], kind: str, cut: re.Pattern[str] | None) -> Said:
    start, end = match.span("who")
    words = match["who"]
    if cut and (circumstance := cut.search(words)):
        end -= len(words) - circumstance.start()
    start += len(words) - len(words.lstrip())
    return Said(start=marked.start, end=marked.end, kind=kind, who=(start, end), cue=match["cue"])


FINDERS = {"zh": _chinese, "ja": _japanese, "ar": _arabic}
