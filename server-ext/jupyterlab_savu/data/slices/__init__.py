"""Slices of large datasets, read beside HDF5 where that is faster, in processes of their own."""
