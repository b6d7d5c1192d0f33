"""The version, in a module that imports nothing: `--version` and the build both read it."""

__version__ = "0.1.0"
