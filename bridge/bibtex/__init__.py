"""BibTeX and biblatex, in both directions: entries written, files read and edited without loss."""
