"""A Zotero that runs on this machine: reads need no key, writes its own consent, given in its own dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from bridge import credentials
from bridge.errors import RemoteError

SERVICE = "Zotero on this computer"
APP_NAME = "bibbridge"


def greet(zotero: Any) -> None:
    """Make sure that a Zotero answers and can be written to. Raises RemoteError with what to do."""
    try:
        answer: httpx2.Response = zotero.client.get(f"{zotero.endpoint}/", headers=zotero.default_headers())
    except RemoteError as error:
        raise RemoteError(
            SERVICE,
            "does not answer",
            status=error.status,
            advice="start Zotero, and in its settings under Advanced allow other applications to "
            "communicate with it",
        ) from error
    if answer.status_code == 403:
        raise RemoteError(
            SERVICE,
            "does not let other applications in",
            status=403,
            advice="in Zotero's settings, under Advanced, allow other applications to communicate with it",
        )
    server_id = answer.headers.get("zotero-server-id")
    if not server_id:
        version = answer.headers.get("x-zotero-version")
        raise RemoteError(
            SERVICE,
            f"is too old ({version})" if version else "is too old",
            status=answer.status_code,
            advice="bibbridge needs Zotero 10 or later for --library local; --library user works with any",
        )
    zotero.server_id = server_id
    zotero.local_api_key = credentials.find(credentials.local_name(server_id))


def authorize(zotero: Any, ask: Callable[[Callable[[], Any]], Any], *, anew: bool = False) -> None:
    """Get the consent that writes need, unless it was given for good before (or, `anew`, in spite of that).

    `ask` carries a call out and raises RemoteError for what Zotero refuses.
    """
    name = credentials.local_name(zotero.server_id)
    if anew:
        credentials.forget(name)
        zotero.local_api_key = None
    if zotero.local_api_key:
        return
    try:
        given = ask(lambda: zotero.authorize_local(APP_NAME))
    except RemoteError as error:
        if error.status != 403:
            raise
        raise RemoteError(
            SERVICE,
            "says no: the dialog that asks for write access was declined",
            status=403,
            advice="run it again and choose Allow or Always Allow in Zotero",
        ) from error
    if given.get("remember"):
        credentials.store(name, given["key"])
