"""Process lists that JupyterLab saves as documents."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import Any

from tornado.web import HTTPError

from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.roots import JUPYTER
from jupyterlab_savu.faults import Fault

log = logging.getLogger(__name__)


def pre_save_hook(files: FileService) -> Callable[..., None]:
    """A hook for the contents manager which makes HDF5 of an edited list.

    JupyterLab's Save As, and a save after the file has vanished, bypass our routes and send the
    JSON of the document. The hook must raise nothing but HTTPError: anything else would let
    the contents manager go on.
    """

    def hook(*, model: dict[str, Any], path: str, **_: Any) -> None:
        if model.get("format") != "json" or not path.lower().endswith(".nxs"):
            return
        document = model.get("content")
        try:
            model["content"] = _encoded(files, path, document)
        except Fault as fault:
            raise HTTPError(fault.status, f"{path} was not saved: {fault.message}") from None
        except Exception:
            log.exception("saving %s failed", path)
            raise HTTPError(500, f"{path} was not saved; the server's log tells why.") from None
        model["format"] = "base64"

    return hook


def _encoded(files: FileService, path: str, document: Any) -> str:
    if not isinstance(document, dict) or document.get("kind") != "list":
        raise Fault("only process lists can be saved.", status=400)
    _refuse_data(files, path)
    # on a full disk the contents manager would leave an empty file
    target = files.roots.locate_new(JUPYTER, path.strip("/")).path
    frame = files.call("files", "list.encode", path=str(target), plist=document.get("list"))
    return base64.b64encode(frame.body).decode("ascii")


def _refuse_data(files: FileService, path: str) -> None:
    """Raise a Fault when the list would replace a scan, a result or anything but a list."""
    try:
        kind = files.file(JUPYTER, path.strip("/"), with_hash=False)["kind"]
    except Fault as fault:
        if fault.status == 404:  # the contents manager says what else is wrong with the path
            return
        raise
    if kind != "list":
        what = {"scan": "a scan", "result": "a result"}.get(kind, "not a process list")
        raise Fault(
            f"the file there is {what}. Choose another name.",
            status=409,
            reason="not_a_list",
        )
