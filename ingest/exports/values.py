"""Values within JSON that other programs wrote, in whatever shape they are."""

from __future__ import annotations

Row = dict[str, object]

# Why an entry of an export is no article.
A_NOTICE = "a notice of a chat, such as who joined it"
WITHOUT_WORDS = "a message of a chat without words"
A_MEMBER = "who takes part in a chat"
AN_ENTRY_WITHOUT_WORDS = "an entry of a social network without words, such as a like"


def said(value: object, *names: str) -> str:
    """Return the first text that says anything under some names; nothing of what is no object."""
    row = value if isinstance(value, dict) else {}
    return next((each for name in names if isinstance(each := row.get(name), str) and each.strip()), "")


def objects_of(value: object, name: str) -> list[Row]:
    """Return the objects of a list that an object holds under a name."""
    held = value.get(name) if isinstance(value, dict) else None
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def object_of(value: object, name: str) -> Row:
    """Return the object that an object holds under a name; an empty one where there is none."""
    held = value.get(name) if isinstance(value, dict) else None
    return held if isinstance(held, dict) else {}
