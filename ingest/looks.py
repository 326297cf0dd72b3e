"""What styles of office documents say of those that build on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Name = TypeVar("Name")
Value = TypeVar("Value")


def inherited(
    name: Name, stated: Mapping[Name, Value | None], parents: Mapping[Name, Name | None]
) -> Value | None:
    """Return what the nearest says that says anything: a style itself, or one that it builds on."""
    seen: set[Name] = set()
    each: Name | None = name
    while each is not None and each not in seen:
        if (found := stated.get(each)) is not None:
            return found
        seen.add(each)
        each = parents.get(each)
    return None
