from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList

sys.path.insert(0, str(Path(__file__).parent))

from contract import check
from jupyter import Jupyter

STAND_IN = Path(__file__).parent.parent / "bridge" / "stand_in_savu.py"
STEPS = ("NxtomoLoader", "DarkFlatFieldCorrection", "AstraReconCpu")


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """The server that most tests share; each has a folder of its own in it."""
    home = tmp_path_factory.mktemp("jupyter")
    server = Jupyter(home, {"SavuApp.roots": {"archive": {"path": str(home / "archive")}}})
    (home / "archive").mkdir()
    server.settings["SavuApp.roots"]["archive"]["read_only"] = True
    server.settings["SavuApp.limits"] = {"answer_size": 2**20, "request_seconds": 20}
    server.settings["SavuApp.connected_savus"] = {
        "stand-in": {"command": [sys.executable, str(STAND_IN)]},
        "gone": {"command": ["/there/is/no/python"], "title": "Old Savu"},
    }
    yield server.start()
    end_all_jobs(server)
    server.stop()


def end_all_jobs(server: Jupyter) -> None:
    """Jobs outlive their server; what a failed test left must not outlive the tests."""
    deadline = time.monotonic() + 30
    with client_of(server) as client:
        while time.monotonic() < deadline:
            active = client.get("jobs", params={"active": "true"}).json()["items"]
            if not active:
                return
            for job in active:
                client.post(f"jobs/{job['id']}/cancel")
            time.sleep(0.2)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Jupyter]]:
    """Starts a server of one's own."""
    started: list[Jupyter] = []

    def start_one(extra: str = "", **settings: Any) -> Jupyter:
        home = tmp_path / f"jupyter{len(started)}"
        home.mkdir()
        dotted = {name.replace("__", "."): value for name, value in settings.items()}
        started.append(Jupyter(home, dotted, extra))
        return started[-1].start()

    yield start_one
    for server in started:
        server.stop()


def client_of(server: Jupyter) -> httpx.Client:
    """A client of the ``savu/`` routes which checks each answer against the contract."""

    def check_answer(response: httpx.Response) -> None:
        response.read()
        check(response, server.url)

    return httpx.Client(
        base_url=server.url + "savu/",
        headers=server.headers,
        timeout=60,
        event_hooks={"response": [check_answer]},
    )


@pytest.fixture(scope="session")
def api(jupyter: Jupyter) -> Iterator[httpx.Client]:
    with client_of(jupyter) as client:
        yield client


@pytest.fixture(scope="session")
def phantom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny synthetic scan."""
    path = tmp_path_factory.mktemp("phantom") / "tiny.nxs"
    command = [sys.executable, "-m", "savu_embedded.phantom", str(path), "--preset", "tiny"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture
def plist() -> ProcessList:
    """Flat fields and a reconstruction."""
    return ProcessList([new_plugin(name, str(i)) for i, name in enumerate(STEPS, 1)])


@pytest.fixture
def folder(
    jupyter: Jupyter, phantom: Path, plist: ProcessList, request: pytest.FixtureRequest
) -> Iterator[Folder]:
    """A folder of this test in the shared server, with `steps.nxs` and `scan.nxs`."""
    path = jupyter.root / f"{request.node.originalname}-{secrets.token_hex(4)}"
    made = Folder(path, jupyter)
    made.fill(phantom, plist)
    yield made
    shutil.rmtree(path)


class Folder:
    """A folder in the root of a server."""

    def __init__(self, path: Path, server: Jupyter) -> None:
        self.path = path
        self.server = server

    def fill(self, phantom: Path, plist: ProcessList) -> None:
        self.path.mkdir(parents=True)
        write_process_list(self.path / "steps.nxs", plist, create=True)
        shutil.copy(phantom, self.path / "scan.nxs")

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def at(self, name: str) -> str:
        """The path for the API of a file in this folder."""
        return (self.path / name).relative_to(self.server.root).as_posix()
