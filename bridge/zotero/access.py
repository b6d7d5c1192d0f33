"""Which library is meant, and what a key may do there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.errors import RemoteError, UsageError

KEYS_PAGE = "https://www.zotero.org/settings/keys"
_NEW_KEY = f"make a key at {KEYS_PAGE}/new and give it to bibbridge login"
_EDIT_KEY = f"change the key's permissions at {KEYS_PAGE}"

_SPEC = re.compile(r"(?P<kind>user|group)s?(?:[:/](?P<id>\d+))?|local", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LibraryName:
    """A library as the user named it; `id` None: the key's own user."""

    kind: Literal["user", "group", "local"]
    id: int | None = None

    @classmethod
    def parse(cls, spec: str | None, environ: Mapping[str, str]) -> LibraryName:
        """`user`, `user:ID`, `group:ID` or `local`; what it leaves out comes from ZOTERO_LIBRARY_TYPE and
        ZOTERO_LIBRARY_ID. Raises UsageError."""
        text = (spec or environ.get("ZOTERO_LIBRARY_TYPE") or "user").strip()
        match = _SPEC.fullmatch(text)
        if not match:
            raise UsageError(
                f"{text!r} names no Zotero library", "give user, user:ID, group:ID or local (--library)"
            )
        kind = (match["kind"] or "local").lower()
        if kind == "local":
            return cls("local")
        number = match["id"]
        by_type = environ.get("ZOTERO_LIBRARY_TYPE", "user").lower().rstrip("s")
        if number is None and by_type == kind and (stated := environ.get("ZOTERO_LIBRARY_ID", "").strip()):
            if not stated.isdigit():
                raise UsageError(f"ZOTERO_LIBRARY_ID is {stated!r}, which is no number")
            number = stated
        if kind == "group" and number is None:
            raise UsageError("a group library needs its number", "give --library group:ID")
        return cls("user" if kind == "user" else "group", int(number) if number else None)


@dataclass(frozen=True, slots=True)
class Access:
    """What `/keys/current` says of a key: whose it is and what it may do. The key itself is not kept."""

    user_id: int
    username: str
    rights: Mapping[str, Any]

    @classmethod
    def from_json(cls, answer: Mapping[str, Any]) -> Access:
        rights = answer.get("access")
        return cls(
            int(answer["userID"]),
            str(answer.get("username", "")),
            rights if isinstance(rights, dict) else {},
        )

    def of(self, name: LibraryName) -> Mapping[str, Any]:
        """The rights on one library: library (read), write, notes."""
        if name.kind == "user":
            rights = self.rights.get("user") if name.id in (None, self.user_id) else None
            return rights if isinstance(rights, dict) else {}
        groups = self.rights.get("groups")
        if not isinstance(groups, dict):
            return {}
        rights = groups.get(str(name.id), groups.get("all"))
        return {**rights, "notes": True} if isinstance(rights, dict) else {}

    def may_write_notes(self, name: LibraryName) -> bool:
        return bool(self.of(name).get("notes"))

    def summary(self) -> str:
        """What the key may do, in a line for a person."""
        user = self.of(LibraryName("user"))
        words = ["your library: " + _may(user)]
        groups = self.rights.get("groups")
        if isinstance(groups, dict) and groups:
            named = ", ".join(
                f"{'all groups' if number == 'all' else f'group {number}'}: {_may(rights)}"
                for number, rights in sorted(groups.items())
            )
            words.append(named)
        return "; ".join(words)


def _may(rights: Mapping[str, Any]) -> str:
    if not rights.get("library"):
        return "no access"
    return "read and write" if rights.get("write") else "read only"


def refuse_unreadable(service: str, access: Access, name: LibraryName) -> None:
    """Raise RemoteError where the key cannot read a library. A public one of others is left to the server."""
    if name.kind == "user" and name.id in (None, access.user_id) and not access.of(name).get("library"):
        raise forbidden(service, access, name, "")


def forbidden(service: str, access: Access, name: LibraryName, sentence: str) -> RemoteError:
    """What to tell of a 403: the permission that the key lacks, where that is the reason, else the server's
    `sentence`."""
    reason, advice = f"answers 403: {sentence}", f"see what the key may do at {KEYS_PAGE}"
    if name.kind == "user" and name.id not in (None, access.user_id):
        reason = f"this key belongs to user {access.user_id} and may not read the library of user {name.id}"
        advice = "use --library user, or that user's own key"
    elif not access.of(name).get("library"):
        if name.kind == "group":
            reason = f"this key has no access to group {name.id}"
            advice = f"{_EDIT_KEY}: give it the group under “Group Permissions”"
        else:
            reason, advice = "this key may not read your library", f"{_EDIT_KEY}: tick “Allow library access”"
    elif name.kind == "group":
        advice = f"are you a member of the group? https://www.zotero.org/groups/{name.id}"
    return RemoteError(service, reason, status=403, advice=advice)


def refuse_read_only(
    service: str, access: Access, name: LibraryName, group: Mapping[str, Any] | None
) -> None:
    """Raise RemoteError, saying which permission is missing and where it is given.

    `group` is the group's own data (its owner, admins, members and who may edit), None for a user library.
    """
    rights = access.of(name)
    if name.kind == "user" and name.id not in (None, access.user_id):
        raise RemoteError(
            service,
            f"this key belongs to user {access.user_id} and may not write to the library of user {name.id}",
            status=403,
            advice="use --library user, or that user's own key",
        )
    if not rights.get("write"):
        what, box = "your library", "Allow write access"
        if name.kind == "group":
            what, box = f"group {name.id}", "Read/Write for the group under “Group Permissions”"
        raise RemoteError(
            service,
            f"this key may read but not write to {what}"
            if rights.get("library")
            else f"this key has no access to {what}",
            status=403,
            advice=f"{_EDIT_KEY}: tick “{box}”",
        )
    if group is not None:
        _refuse_by_role(service, access, name, group)


def _refuse_by_role(service: str, access: Access, name: LibraryName, group: Mapping[str, Any]) -> None:
    user = access.user_id
    leads = user == group.get("owner") or user in group.get("admins", ())
    called = f"group {name.id} ({group['name']})" if group.get("name") else f"group {name.id}"
    # who its members are is not told for every group
    if not leads and "members" in group and user not in group["members"]:
        raise RemoteError(
            service,
            f"you are no member of {called}",
            status=403,
            advice=f"ask for an invitation: https://www.zotero.org/groups/{name.id}",
        )
    if not leads and "members" in group and group.get("libraryEditing") == "admins":
        raise RemoteError(
            service,
            f"in {called} only admins may change the library, and you are a member",
            status=403,
            advice=f"an admin can change that: https://www.zotero.org/groups/{name.id}/settings/library",
        )


def missing_key() -> UsageError:
    return UsageError("there is no Zotero API key", f"{_NEW_KEY}, or set ZOTERO_API_KEY")


def invalid_key(service: str, status: int | None) -> RemoteError:
    return RemoteError(service, "Zotero does not know this API key", status=status, advice=_NEW_KEY)
