"""Savers."""

from __future__ import annotations

from savu_embedded.plugins.base import Plugin


class Hdf5Saver(Plugin):
    """Adds nothing: every result is in an HDF5 file already."""
