"""The commands that talk to Zotero."""

from __future__ import annotations

from typing import Any

import click


@click.command()
def push(**options: Any) -> int:
    """x"""
    return 0


@click.command()
def pull(**options: Any) -> int:
    """x"""
    return 0


@click.command()
def login(**options: Any) -> int:
    """x"""
    return 0
