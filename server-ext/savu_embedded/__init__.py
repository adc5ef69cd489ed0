"""The embedded engine: it runs Savu process lists with NumPy, SciPy, h5py and finufft.

It is a command (``python -m savu_embedded DATA LIST OUT``), never a library of other packages.
"""

__version__ = "0.1.0"
