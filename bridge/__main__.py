"""The console command. `--version` is answered without loading anything that could take time."""

from __future__ import annotations

import sys


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        from bridge._version import __version__

        print(f"bibbridge {__version__}")
        return 0
    import gc

    # a run makes many small values and hardly any cycle: the collector would look through them all for nothing
    gc.set_threshold(100_000, 50, 50)
    from bridge.cli import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
