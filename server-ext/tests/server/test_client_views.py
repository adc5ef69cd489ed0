"""Views that tell a kernel where the user is: a real kernel, and this test as the browser."""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import h5py
import numpy as np
import pytest
from jupyter import TOKEN, Jupyter
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from jupyterlab_savu.client import Savu, SavuError
from jupyterlab_savu.client.linking import TARGET
from jupyterlab_savu.client.looking import Look
from jupyterlab_savu.client.view import MIME

SECONDS = 60
NAME = "followed.h5"


@pytest.fixture(scope="module")
def volumes(jupyter: Jupyter) -> Path:
    """A file with volumes, which has been at rest for some time."""
    path = jupyter.root / NAME
    with h5py.File(path, "w") as file:
        file["data"] = np.arange(9 * 7 * 11, dtype="f4").reshape(9, 7, 11)
        file["four"] = np.zeros((2, 3, 4, 5), "u1")
    os.utime(path, (time.time() - 60,) * 2)
    return path


@pytest.fixture
def savu(jupyter: Jupyter, volumes: Path) -> Iterator[Savu]:
    with Savu(jupyter.url, TOKEN) as client:
        yield client


class Kernel:
    """A kernel, and what it has told browsers over each comm."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self.told: dict[str, list[Any]] = {}

    def run(self, code: str, expression: str = "None") -> Any:
        """Run a cell, and answer the literal value of an expression after it."""
        message = self._client.execute(code, user_expressions={"told": f"repr({expression})"})
        reply = self._client.get_shell_msg(timeout=SECONDS)["content"]
        self._listen(message)
        assert reply["status"] == "ok", reply
        return ast.literal_eval(
            ast.literal_eval(reply["user_expressions"]["told"]["data"]["text/plain"])
        )

    def open(self, view: str, address: str | None = None) -> str:
        """A browser begins to follow a view; the name of its comm."""
        comm = uuid4().hex
        self.told[comm] = []
        data = {"view": view, "address": address}
        self._send("comm_open", {"comm_id": comm, "target_name": TARGET, "data": data})
        return comm

    def go(self, comm: str, **look: Any) -> None:
        """The user of a browser goes somewhere."""
        self._send("comm_msg", {"comm_id": comm, "data": look})

    def close(self, comm: str) -> None:
        self._send("comm_close", {"comm_id": comm, "data": {}})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        message = self._client.session.msg(kind, content)
        self._client.shell_channel.send(message)
        self._listen(message["header"]["msg_id"])

    def _listen(self, parent: str) -> None:
        """Hear what the kernel says until it has done with a message."""
        while True:
            heard = self._client.get_iopub_msg(timeout=SECONDS)
            content = heard["content"]
            if heard["msg_type"] in ("comm_msg", "comm_close"):
                end = heard["msg_type"] == "comm_close"
                self.told[content["comm_id"]].append("closed" if end else content["data"])
            is_mine = heard["parent_header"].get("msg_id") == parent
            if is_mine and content.get("execution_state") == "idle":
                return


@pytest.fixture(scope="module")
def kernel(jupyter: Jupyter, volumes: Path) -> Iterator[Kernel]:
    manager, client = start_new_kernel(startup_timeout=SECONDS)
    try:
        kernel = Kernel(client)
        kernel.run(
            "from jupyterlab_savu.client import Savu\n"
            f"savu = Savu({jupyter.url!r}, {TOKEN!r})\n"
            "def shown(view):\n"
            f"    return view._repr_mimebundle_()[0][{MIME!r}]"
        )
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def opened(kernel: Kernel, **more: Any) -> tuple[str, dict[str, Any]]:
    """A new `view` in the kernel, the comm of a browser that shows it, and what its cell stores."""
    stored = kernel.run(
        f"view = savu.view({NAME!r}, 'data', **{more!r}); stored = shown(view)", "stored"
    )
    return kernel.open(stored["view"]), stored


def look(plane: str, **more: Any) -> dict[str, Any]:
    return {
        "dataset": "/data", "plane": plane, "contrast": None, "automatic": False, "region": None,
    } | more  # fmt: skip


def test_the_kernel_knows_where_the_user_is(kernel: Kernel) -> None:
    comm, stored = opened(kernel, slice=2)
    assert (stored["plane"], stored["contrast"], stored["region"]) == ("2,:,:", None, None)
    assert kernel.told[comm] == [look("2,:,:")]
    kernel.go(comm, **look("5,:,:", contrast=[3, 40.5], region=[1, 4, 2, 9]))
    found = kernel.run("", "(view.slice, view.axis, view.plane, view.contrast, str(view.region))")
    assert found == (5, 0, "5,:,:", (3.0, 40.5), "(slice(1, 4, None), slice(2, 9, None))")
    part = kernel.run("", "view.read()[view.region].tolist()")
    values = np.arange(9 * 7 * 11, dtype="f4").reshape(9, 7, 11)
    assert part == values[5, 1:4, 2:9].tolist()
    kernel.go(comm, **look(":,3,:"))
    assert kernel.run("", "(view.axis, view.slice, view.region)") == (1, 3, None)
    assert kernel.told[comm][1:] == []
    # what is shown anew begins there
    assert kernel.run("", "shown(view)['plane']") == ":,3,:"


def test_browsers_go_where_the_kernel_says(kernel: Kernel) -> None:
    comm, _ = opened(kernel)
    kernel.run(
        "view.slice = -2\n"
        "view.region = slice(2, 5), slice(0, 20)\n"
        "view.contrast = 1, 2\n"
        "view.contrast = None\n"
        "view.axis = 2\n"
        "view.plane = '...,7'"
    )
    region = [2, 5, 0, 11]
    assert kernel.told[comm][1:] == [
        look("7,:,:"),
        look("7,:,:", region=region),
        look("7,:,:", region=region, contrast=[1.0, 2.0]),
        look("7,:,:", region=region, automatic=True),
        look(":,:,5", automatic=True),
        look(":,:,7", automatic=True),
    ]


def test_browsers_that_show_the_same_view_follow_each_other(kernel: Kernel) -> None:
    one, stored = opened(kernel)
    other = kernel.open(stored["view"])
    kernel.go(one, **look("3,:,:"))
    kernel.go(one, **look("3,:,:"))
    assert kernel.told[one] == [look("4,:,:")]
    assert kernel.told[other] == [look("4,:,:"), look("3,:,:")]
    kernel.close(other)
    kernel.run("view.slice = 1")
    assert (len(kernel.told[one]), len(kernel.told[other])) == (2, 2)


def test_the_link_begins_as_the_browser_reaches_the_server(kernel: Kernel, volumes: Path) -> None:
    _, stored = opened(kernel, slice=3)
    own = kernel.run("", "(view.link, savu.connection.url)")
    assert own[0].startswith(f"{own[1]}lab?savu-data=")
    kernel.open(stored["view"], "javascript:alert(1)")
    assert kernel.run("", "view.link") == own[0]
    kernel.open(stored["view"], "https://example.org/user/a/lab")
    assert kernel.run("", "view.link").startswith("https://example.org/user/a/lab?savu-data=")
    kernel.open(stored["view"], "https://example.org/hub/user-redirect/lab")
    query = parse_qs(urlsplit(kernel.run("", "view.link")).query)
    assert (query["savu-location"], query["savu-plane"]) == ([str(volumes)], ["3,:,:"])


def test_a_view_that_the_kernel_does_not_know_goes_on_alone(kernel: Kernel) -> None:
    comm, _ = opened(kernel)
    assert kernel.told[kernel.open("f" * 32)] == ["closed"]
    # nor does nonsense do any harm
    for nonsense in ({}, {"plane": "a,:,:"}, {"plane": "1,:"}, {"contrast": [1]}, {"region": 3}):
        kernel.go(comm, **(look("2,:,:") | nonsense if nonsense else {}))
    assert kernel.run("", "view.plane") == "4,:,:"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("slice", 9, "axis 0 has 9 indices"),
        ("axis", "energy", "is no axis of /data"),
        ("plane", ":,:,1:3", "is no slice of /data"),
        ("contrast", (4, 4), "is no contrast"),
        ("contrast", (float("nan"), 4), "is no contrast"),
        ("region", (slice(5, 5), slice(0, 4)), "is no region"),
    ],
)
def test_what_cannot_be_shown_is_told(savu: Savu, name: str, value: Any, error: str) -> None:
    view = savu.view(NAME, "data", slice=4)
    with pytest.raises((SavuError, IndexError, ValueError), match=error):
        setattr(view, name, value)
    assert view.tell() == look("4,:,:")


def test_a_view_steps_along_the_longest_axis_that_it_does_not_show(savu: Savu) -> None:
    view = savu.view(NAME, "four")
    assert (view.axis, view.slice, view.plane) == (1, 1, "1,1,:,:")
    view.slice = 0
    assert view.plane == "1,0,:,:"
    assert view.read().shape == (4, 5)


@pytest.mark.parametrize("contrast", [[1], [1, "x"], "12", [float("inf"), 2]])
def test_what_a_browser_says_is_read_with_care(contrast: Any) -> None:
    with pytest.raises(ValueError):
        Look.from_json(look("1,:,:", contrast=contrast))
