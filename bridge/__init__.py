"""bibbridge: arXiv in, bibliography out.

`from bridge import Record, read_feed` is the Python interface; both are imported when first asked for, so
that the command line starts at once.
"""

from __future__ import annotations

from bridge._version import __version__

TYPE_CHECKING = False  # importing typing for it would cost more than all of `bibbridge --version`
if TYPE_CHECKING:
    from bridge.pipeline import read_feed
    from bridge.record import Record

__all__ = ["Record", "__version__", "read_feed"]


def __getattr__(name: str) -> object:
    if name == "Record":
        from bridge.record import Record

        return Record
    if name == "read_feed":
        from bridge.pipeline import read_feed

        return read_feed
    raise AttributeError(f"module 'bridge' has no attribute {name!r}")
