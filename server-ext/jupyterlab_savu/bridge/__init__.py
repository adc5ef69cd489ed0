"""A real Savu, which stays in an interpreter of its own (no Jupyter import)."""
