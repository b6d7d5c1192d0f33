"""Requests that a push takes, against the straightforward way with pyzotero; a table for the README.

    python benchmarks/requests_zotero.py [--library 10000]

The straightforward way: read the library to see what is there, fetch a template, create 50 items a request,
then a note for each comment, and update what changed item by item.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from zoterohelp import push, record
from zoteroserver import ZoteroServer

from bridge.record import Record
from bridge.zotero.items import draft


def straightforward(server: ZoteroServer, records: Sequence[Record]) -> None:
    """What a script of an afternoon does."""
    from pyzotero import zotero

    zot = zotero.Zotero("1", "user", server.KEY)
    zot.endpoint = server.url
    zot.everything(zot.collections())
    there = {item["data"].get("archiveID"): item for item in zot.everything(zot.items(limit=100))}
    fields = frozenset(zot.item_template("preprint"))
    new = [one for one in records if f"arXiv:{one.arxiv_id}" not in there]
    for at in range(0, len(new), 50):
        made = [draft(one, "preprint", fields, None) for one in new[at : at + 50]]
        answer = zot.create_items([{"itemType": "preprint", **one.fields} for one in made])
        for place, one in enumerate(made):
            if one.note:
                note = {"itemType": "note", "note": one.note}
                zot.create_items([note], parentid=answer["success"][str(place)])
    for one in records:
        item = there.get(f"arXiv:{one.arxiv_id}")
        if item is not None and item["data"]["title"] != one.title:
            item["data"]["title"] = one.title
            zot.update_item(item["data"])


def measured(server: ZoteroServer, records: Sequence[Record]) -> int:
    server.forget()
    push(server.url, server.KEY, records, collections=["Papers"])
    return server.requests


def plainly(server: ZoteroServer, records: Sequence[Record]) -> int:
    server.forget()
    straightforward(server, records)
    return server.requests


def fill(server: ZoteroServer, size: int) -> None:
    state = server.library()
    for number in range(size):
        state.write_item({"itemType": "journalArticle", "title": f"Old {number}", "DOI": f"10.1000/{number}"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=int, default=10_000)
    size = parser.parse_args().library
    forty = [record(number) for number in range(1, 41)]
    thousand = [record(number, comment=None) for number in range(1001, 2001)]
    renamed = [record(number, title=f"A new title {number}") for number in range(1, 41)]
    steps = [
        ("40 papers into an empty library (13 with a comment)", 0, forty),
        ("the same again, nothing new", None, forty),
        ("40 titles changed", None, renamed),
        (f"40 papers into a library of {size:,}, never read before", size, forty),
        ("1,000 more papers, the library known", None, thousand),
        ("the same again, nothing new", None, thousand),
    ]
    ours, theirs = [], []
    for column, ask in ((ours, measured), (theirs, plainly)):
        server = None
        with tempfile.TemporaryDirectory() as folder:
            os.environ["BIBBRIDGE_CACHE_DIR"] = f"{folder}/cache"
            os.environ["BIBBRIDGE_STATE_DIR"] = f"{folder}/state"
            for _, fresh, records in steps:
                if fresh is not None:
                    if server is not None:
                        server.__exit__(None, None, None)
                    server = ZoteroServer()
                    server.__enter__()
                    fill(server, fresh)
                assert server is not None
                column.append(ask(server, records))
            if server is not None:
                server.__exit__(None, None, None)
    print("| push | bibbridge | pyzotero, straightforward |\n|---|--:|--:|")
    for (name, _, _), mine, other in zip(steps, ours, theirs, strict=True):
        print(f"| {name} | {mine} | {other} |")


if __name__ == "__main__":
    main()
