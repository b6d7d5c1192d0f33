"""The console command. `--version` is answered without loading anything that could take time."""

from __future__ import annotations

import sys

# a run makes many small values and hardly a cycle: the collector would look through them for nothing
COLLECTOR = (1_000_000, 20, 20)


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        from bridge._version import __version__

        print(f"bibbridge {__version__}")
        return 0
    import gc

    gc.set_threshold(*COLLECTOR)
    from bridge.cli import run

    try:
        return run()
    finally:
        gc.freeze()  # nor need the interpreter look through them when it ends


if __name__ == "__main__":
    sys.exit(main())
