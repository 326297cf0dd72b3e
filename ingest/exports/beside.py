"""What an export says in one file of those beside it: who people are, whose posts these are, of what day.

Slack names people in `users.json` above the folders of channels, X the account in `account.js` beside the
posts, Substack title and date of each post in `posts.csv` above its pages, Zotero all that it knows of each
document in a file of RDF or RIS above a folder `files`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingest.exports.substack import statements_of
from ingest.exports.values import object_of, said
from ingest.exports.zotero import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ingest.model import Field, Hint

TABLE_OF_POSTS = "posts.csv"
TELLING = ("users.json", "account.js", TABLE_OF_POSTS)
TOLD_WITH_PAGES = "what it says of each post is told with the post's page"
LONGEST = 16 * 1024 * 1024
OF_THE_ACCOUNT = "account"
LIBRARIES = (".rdf", ".ris")

Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What files in a folder say of others: of its own, and of those in the folders right below it.

    `names` are those of people by their identifiers, `account` that of whose posts lie in the folder,
    `posts` what is stated of pages by their names, `files` of files two folders below by their paths, and
    `again` why what other files there say already is passed over, by its names.
    """

    names: Names = ()
    account: Names = ()
    posts: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    again: Mapping[str, str] = field(default_factory=dict)


NOTHING = Beside()


def read_beside(files: Mapping[str, bytes | None], pages: Iterable[str]) -> Beside:
    """Return what the telling files of a folder, by their names, say of others.

    `pages` are the names of those in it and right below. A row of a table of posts without a page would be
    lost with the table, so then that says nothing and is read as any other.
    """
    found = [files.get(name) for name in TELLING]
    if not any(found):
        return NOTHING
    users, account, table = (each or b"" for each in found)
    try:
        posts = statements_of(table.decode("utf-8-sig"))
    except ValueError:
        posts = {}
    is_whole = posts.keys() <= set(pages)
    return Beside(names=_people(users), account=_account(account), posts=posts if is_whole else {})


def with_beside(hint: Hint, path: str, own: Beside, above: Beside, top: Beside) -> Hint:
    """Return what is known of a file with what is said of it in its own folder and in the two above."""
    if stated := top.files.get("/".join(path.split("/")[-PARTS:])):
        hint = replace(hint, fields=(*hint.fields, *stated))
    name = path.rpartition("/")[2]
    if name.endswith(".json") and above.names:
        return replace(hint, names=above.names)
    if name.endswith(".js") and own.account:
        return replace(hint, names=own.account)
    if name.endswith(LIBRARIES) and own.files:
        return replace(hint, names=tuple((path, path) for path in own.files))
    if stated := own.posts.get(name) or above.posts.get(name):
        return replace(hint, fields=(*hint.fields, *stated))
    return hint


def _people(users: bytes) -> Names:
    people = _json(users)
    if not isinstance(people, list) or not all(object_of(each, "profile") for each in people):
        return ()
    names = ((said(each, "id"), _name(each)) for each in people)
    return tuple((identity, name) for identity, name in names if identity and name)


def _name(person: object) -> str:
    profile = said(object_of(person, "profile"), "real_name", "display_name")
    return said(person, "real_name") or profile or said(person, "name")


def _account(script: bytes) -> Names:
    accounts = _json(script.partition(b"=")[2])
    first = object_of(accounts[0], "account") if isinstance(accounts, list) and accounts else {}
    name = said(first, "accountDisplayName", "username")
    return ((OF_THE_ACCOUNT, name),) if name else ()


def _json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
