"""What harvesters ask by OAI-PMH 2.0: verbs with their arguments, spans of time, resumption tokens."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

LONGEST_REQUEST, MOST_ARGUMENTS = 4000, 10
DATESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
UNRESERVED = r"[A-Za-z0-9\-_.!~*'()]+"
FORMS = {
    "metadataPrefix": re.compile(UNRESERVED),
    "set": re.compile(f"{UNRESERVED}(?::{UNRESERVED})*"),
    "identifier": re.compile(r"[A-Za-z0-9\-_.!~*'():/?#@&=+$,;%\[\]]+"),
}
CURSOR = re.compile(r"[1-9][0-9]{0,11}")
LISTING = ("from", "until", "set")
# Of each verb: the arguments it must have and those it may have besides. A token comes alone.
VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ("resumptionToken",)),
    "ListIdentifiers": (("metadataPrefix",), (*LISTING, "resumptionToken")),
    "ListRecords": (("metadataPrefix",), (*LISTING, "resumptionToken")),
    "GetRecord": (("identifier", "metadataPrefix"), ()),
}


class ProtocolError(Exception):
    """A request that is answered with one of the protocol's error codes."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code and what to tell."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Which part of a list is asked for; the token that continues it says the same and no more."""

    verb: str
    chosen: dict[str, str] = field(default_factory=dict)
    after: str = ""
    cursor: int = 0

    def token(self) -> str:
        """Return this as a resumption token."""
        known = {**self.chosen, "verb": self.verb, "after": self.after, "cursor": str(self.cursor)}
        return base64.urlsafe_b64encode(urlencode(known).encode()).decode().rstrip("=")


def read_arguments(asked: str) -> dict[str, str]:
    """Return the arguments of a request, all of them known and each once."""
    if len(asked) > LONGEST_REQUEST or asked.count("&") >= MOST_ARGUMENTS:
        raise ProtocolError("badArgument", "The request is too long.")
    pairs = parse_qsl(asked, keep_blank_values=True)
    arguments = dict(pairs)
    verb = arguments.get("verb", "")
    if verb not in VERBS or [name for name, _ in pairs].count("verb") > 1:
        raise ProtocolError("badVerb", f"One verb is wanted, of {', '.join(VERBS)}.")
    if len(pairs) > len(arguments):
        raise ProtocolError("badArgument", "An argument was given twice.")
    required, optional = VERBS[verb]
    if unknown := sorted(set(arguments) - {"verb", *required, *optional}):
        raise ProtocolError("badArgument", f"{verb} has no argument {unknown[0]}.")
    for name, form in FORMS.items():
        if name in arguments and not form.fullmatch(arguments[name]):
            raise ProtocolError("badArgument", f"{name} has letters that the protocol does not allow.")
    if "resumptionToken" in arguments:
        if len(arguments) > 2:  # noqa: PLR2004 - the verb and the token
            raise ProtocolError("badArgument", "A resumptionToken comes alone.")
    elif missing := sorted(set(required) - set(arguments)):
        raise ProtocolError("badArgument", f"{verb} wants the argument {missing[0]}.")
    return arguments


def read_listing(arguments: dict[str, str]) -> Listing:
    """Return the list that is asked for, from its beginning or from where a token goes on."""
    if "resumptionToken" not in arguments:
        chosen = {name: value for name, value in arguments.items() if name != "verb"}
        return Listing(verb=arguments["verb"], chosen=chosen)
    token = arguments["resumptionToken"]
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True).decode()
        known = dict(parse_qsl(decoded, keep_blank_values=True, strict_parsing=True))
        verb, after, cursor = (known.pop(name) for name in ("verb", "after", "cursor"))
    except (binascii.Error, ValueError, KeyError) as error:
        raise ProtocolError("badResumptionToken", "This token is none of ours.") from error
    unknown = set(known) - {"metadataPrefix", *LISTING}
    if verb != arguments["verb"] or not after or not CURSOR.fullmatch(cursor) or unknown:
        raise ProtocolError("badResumptionToken", "This token is of another list.")
    return Listing(verb=verb, chosen=known, after=after, cursor=int(cursor))


def is_within(since: str, chosen: dict[str, str]) -> bool:
    """Tell whether the datestamp of all records is in the span that is asked for."""
    span = [chosen[name] for name in ("from", "until") if name in chosen]
    for stated in span:
        try:
            datetime.fromisoformat(stated)
            known = DATESTAMP.fullmatch(stated)
        except ValueError:
            known = None
        if not known:
            raise ProtocolError("badArgument", "A date is wanted as 2026-01-31 or 2026-01-31T12:00:00Z.")
    if span != sorted(span) or len({len(stated) for stated in span}) > 1:
        raise ProtocolError("badArgument", "`from` and `until` must be equally precise, and in order.")
    first, last = chosen.get("from", ""), chosen.get("until", since)
    return first <= since[: len(first)] and since[: len(last)] <= last
