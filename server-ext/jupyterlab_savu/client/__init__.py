"""The Python client for notebooks, and the command line."""
