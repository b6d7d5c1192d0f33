"""Data files only; bridge/tables.py reads them."""
