"""Zotero, in both directions: items pushed and pulled."""
