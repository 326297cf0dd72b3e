"""Takes off a page what is not its article of what it hides, or lays over it: windows, hints for listeners.

Much of what a page hides is its article all the same: what lies behind a payment, an answer that
unfolds, a part that a script moves to its place, what readers without scripts see. So only that is
taken which cannot be: short words within a line, windows by their names, and short hints by the
classes that all sites call so.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.normalize.align import holds_most
from ingest.normalize.blocks import HEADINGS, LEAST_PROSE, letters
from ingest.normalize.images import parse_escaped

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HIDDEN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
FOR_LISTENERS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-?reader(?:-only|-text)?|visually-?hidden|u-hidden-visually"
    r"|element-invisible|a11y-hidden|assistive-text)(?:\s|$)",
    re.IGNORECASE,
)
WINDOW = re.compile(
    r"\b(?:modal|pop-?up|lightbox|overlay|tooltip|dialog|cookie|consent|toast|drawer|offcanvas|dropdown)",
    re.IGNORECASE,
)
# Offers of services that sell subscriptions, which lie over or within an article that is all there.
OFFER = re.compile(
    r"(?:^|\s)(?:tp-(?:modal|backdrop|container-inner|iframe-wrapper)|piano-(?:offer|container|inline|modal|wall)"
    r"|paywall-(?:modal|overlay|offer|prompt|banner|popup|dialog)|regwall(?:-overlay|-modal)?|poool-widget"
    r"|pelcro-root|leaky_paywall_message\w*|fc-(?:dialog|consent-root|message-root)|zephr-(?:modal|offer|paywall)"
    r"|subscribe-(?:modal|overlay|dialog)|subscription-(?:modal|overlay|dialog))(?:\s|$)",
    re.IGNORECASE,
)
# Where services ask for leave to keep cookies; with all its lists that may be longer than an article.
CONSENT = re.compile(
    r"(?:^|\s)(?:sp_message_container\w*|cybotcookiebot\w+|qc-cmp2-container"
    r"|didomi-(?:host|popup\S*)|usercentrics-\S+|truste-consent\S*|trustarc-\S+|axeptio_overlay|cmplz-cookiebanner"
    r"|cky-consent\S*|cookie-law-info-bar|iubenda-cs-banner|termly-\S*consent\S*|klaro|cc-window|osano-cm-\S+"
    r"|borlabs-?cookie(?:box)?|tarteaucitron(?:root)?|hs-eu-cookie-confirmation|cmp(?:box|wrapper)"
    r"|cookiescript_injected\w*)(?:\s|$)",
    re.IGNORECASE,
)
# Words before a button and behind it that are of one sentence with it.
IN_SENTENCE, GOES_ON = re.compile(r"[\w,;:–—(\"“‘]\s+$|[(\"“‘]$"), re.compile(r"\s+[^\W\d_A-Z]|[,.;:)’”]\s")
LONGEST_LEAD = 20
MOST_OFFERED, MOST_ASKED, MOST_OFFERS = 0.3, 0.9, 50
# In the words of a form that asks for an address to write to.
LETTER = re.compile(
    r"newsletter|news\s?letter|subscri|inbox|infolettre|s.abonner|bo[iî]te mail|bolet[ií]n|suscr[ií]b"
    r"|abonnieren|posteingang|nieuwsbrief|nyhetsbrev|biuletyn|рассылк|подпис|розсилк"
    r"|النشرة|ニュースレター|メルマガ|邮件订阅|뉴스레터",
    re.IGNORECASE,
)
LONGEST_SIGN_UP = 500
WHOLE = frozenset({"main", "article"})
WINDOW_ROLES = frozenset({"dialog", "alertdialog", "tooltip", "menu"})
WITHIN_LINES = frozenset(
    {"span", "small", "a", "b", "strong", "em", "i", "font", "label", "abbr", "sup", "sub", "u"}
)
UNFOLDING = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
FOLDED = ("div", "section", "p", "dd", "ul", "ol")
LEAST_ASKED, LONGEST_ASKED = 8, 200
CELLS = ("td", "th", "dd")
# Of such lengths are hints; in the first heading a page may have its title.
LONGEST_HINT = 60
# Beyond that nothing is a hint, and it would take long to look.
MOST_WITHIN, LONGEST_TEXT = 100, 2000
LEAST_WITHOUT_SCRIPT = 500
PRINTED = ".//text()[not(ancestor::style or ancestor::script)]"
PRINTED_BESIDE = "//text()[not(ancestor::style or ancestor::script or ancestor::noscript)]"
NEVER = frozenset({"html", "body", "h1", "noscript", "script", "style", "img", "svg"})


def drop_unseen(tree: HtmlElement) -> None:
    """Take off a page, in place, what it hides and cannot be its article; open what it only folds away."""
    for template in list(tree.iter("template")):
        # What a program that saves pages writes so is shown; any other waits for a script.
        if template.get("shadowrootmode") and template.getparent() is not None:
            template.drop_tag()
    _drop_offers(tree)
    _drop_sign_ups(tree)
    _show_without_script(tree)
    for button in list(tree.iter("button")):
        _open_button(button)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.tag not in NEVER and element.getparent() is not None:
            is_hint = FOR_LISTENERS.search(element.get("class") or "") is not None
            if (is_hint and _is_short(element) and not _fills_cell(element)) or _is_waiting(element):
                element.drop_tree()
            elif element.tag in FOLDED and HIDDEN.search(element.get("style") or ""):
                # What is left is the article's, and whoever reads on shall see it so.
                del element.attrib["style"]


def _drop_offers(tree: HtmlElement) -> None:
    """Drop windows that were open when a page was saved, unless much of the page stands in them."""
    named = tree.xpath("//*[@class or @id or @aria-modal]")
    for is_window, most in ((_is_consent, MOST_ASKED), (_is_offer, MOST_OFFERED)):
        windows = list(islice(filter(is_window, named), MOST_OFFERS))
        whole = len(tree.text_content()) if windows else 0
        for each in windows:
            if each.getparent() is not None and len(each.text_content()) <= most * whole:
                each.drop_tree()


def _drop_sign_ups(tree: HtmlElement) -> None:
    """Drop what asks for an address to send letters to, with the few words around the form."""
    for asking in list(islice(tree.xpath("//form[.//input[@type='email']]"), MOST_OFFERS)):
        box = asking
        while (around := box.getparent()) is not None and _is_sign_up(around):
            box = around
        if box.getparent() is not None and _is_sign_up(box):
            box.drop_tree()


def _is_sign_up(element: HtmlElement) -> bool:
    """Tell a form, or what holds one, with no prose but the offer of letters."""
    if element.tag in NEVER or element.tag in WHOLE or next(element.iter("h1"), None) is not None:
        return False
    words = element.text_content()
    if len(words) > LONGEST_SIGN_UP or LETTER.search(words) is None:
        return False
    return all(len(letters(text)) < LEAST_PROSE or LETTER.search(text) for text in element.itertext())


def _show_without_script(tree: HtmlElement) -> None:
    """Show what a page says to readers without scripts, where that is much and stands nowhere else."""
    found = {each: letters("".join(each.xpath(PRINTED))) for each in tree.xpath("//body//noscript")}
    found = {each: key for each, key in found.items() if len(key) >= LEAST_WITHOUT_SCRIPT}
    printed = letters(" ".join(tree.xpath(f"//body{PRINTED_BESIDE}"))) if found else ""
    for hidden, key in found.items():
        if not holds_most(printed, key):
            parse_escaped(hidden, "<p")
            hidden.tag = "div"


def _is_offer(element: HtmlElement) -> bool:
    if element.tag in NEVER:
        return False
    return element.get("aria-modal") == "true" or any(map(OFFER.search, _names(element)))


def _is_consent(element: HtmlElement) -> bool:
    return element.tag not in NEVER and any(map(CONSENT.search, _names(element)))


def _names(element: HtmlElement) -> tuple[str, str]:
    return element.get("class") or "", element.get("id") or ""


def _open_button(button: HtmlElement) -> None:
    """Make a heading of a button that unfolds the text below it, such as a question its answer."""
    if next(button.iterancestors("nav", "form", "header", "footer"), None) is not None:
        return
    if next(button.iterancestors(*HEADINGS), None) is not None:
        button.drop_tag()
        return
    if _stands_in_sentence(button):
        button.drop_tag()
        return
    below = button.getnext()
    if below is None or below.tag not in FOLDED or not any(name in button.attrib for name in UNFOLDING):
        return
    asked = len(letters("".join(islice(button.itertext(), MOST_WITHIN))[:LONGEST_TEXT]))
    words = linked = 0
    for part in islice(below.iter(), MOST_WITHIN):
        count = len(part.text or "") if isinstance(part.tag, str) else 0
        words += count
        linked += count if part.tag == "a" else 0
    if LEAST_ASKED <= asked <= LONGEST_ASKED and words > 2 * linked:
        button.tag = "h4"


def _stands_in_sentence(button: HtmlElement) -> bool:
    """Tell a button within a sentence that goes on behind it, such as a name that opens an explanation."""
    above, before = button.getparent(), button.getprevious()
    if above is None or above.tag != "p":
        return False
    leading = (above.text if before is None else before.tail) or ""
    return bool(IN_SENTENCE.search(leading[-LONGEST_LEAD:]) and GOES_ON.match(button.tail or ""))


def _is_waiting(element: HtmlElement) -> bool:
    """Tell hidden words within a line, and a window that only opens when a reader asks for it."""
    if element.get("hidden") is None and not HIDDEN.search(element.get("style") or ""):
        return False
    if element.tag in WITHIN_LINES:
        return _is_short(element)
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        element.get("role") in WINDOW_ROLES
        or element.get("aria-modal") == "true"
        or WINDOW.search(named) is not None
    )


def _is_short(element: HtmlElement) -> bool:
    """Tell an element of few words and no picture."""
    return _few_letters(element) is not None and element.find(".//img") is None


def _fills_cell(element: HtmlElement) -> bool:
    """Tell the only words in a cell of a table, where others see a mark that is drawn."""
    cell = next(element.iterancestors(*CELLS), None)
    return cell is not None and _few_letters(cell) == _few_letters(element)


def _few_letters(element: HtmlElement) -> str | None:
    """Return the letters and digits of an element; None where they, or what stands in it, are many."""
    if len(list(islice(element.iterdescendants(), MOST_WITHIN + 1))) > MOST_WITHIN:
        return None
    found = ""
    for text in element.itertext():
        found += letters(text[: LONGEST_TEXT + 1])
        if len(found) > LONGEST_HINT or len(text) > LONGEST_TEXT:
            return None
    return found
