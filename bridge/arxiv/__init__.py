"""arXiv, in both directions: feeds read, the API asked."""
