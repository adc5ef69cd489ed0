"""The version, from the metadata of the installed package."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("jupyterlab-savu")
except PackageNotFoundError:  # run from a source tree
    __version__ = "0.0.0"
