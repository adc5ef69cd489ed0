"""Finding and reading files. Nothing here imports Jupyter."""
