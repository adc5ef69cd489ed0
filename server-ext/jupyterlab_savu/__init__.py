"""The JupyterLab extension for tomography with Savu: server side, and the client for notebooks."""

from __future__ import annotations

from typing import Any

from jupyterlab_savu._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-savu"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    # imported here: the notebook client and the worker processes need no server
    from jupyterlab_savu.extension import SavuApp

    return [{"module": "jupyterlab_savu", "app": SavuApp}]
