"""What styles of office documents say of those that build on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Name = TypeVar("Name")


def is_hidden(name: Name, stated: Mapping[Name, bool | None], parents: Mapping[Name, Name | None]) -> bool:
    """Tell whether a style hides what has it: the nearest decides that says anything, itself or one below."""
    seen: set[Name] = set()
    each: Name | None = name
    while each is not None and each not in seen:
        if (found := stated.get(each)) is not None:
            return found
        seen.add(each)
        each = parents.get(each)
    return False
