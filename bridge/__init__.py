"""bibbridge: arXiv in, bibliography out."""
