from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_savu.bridge.connected import ConnectedSavu

HERE = Path(__file__).parent
#: An interpreter that has a real Savu, and the folder of Savu's packages unless they are installed.
REAL = os.environ.get("SAVU_PYTHON")
FOLDER = os.environ.get("SAVU_FOLDER")


@pytest.fixture(scope="session")
def stand_in() -> list[str]:
    """The command of the stand-in for Savu's interpreter."""
    return [sys.executable, str(HERE / "stand_in_savu.py")]


@pytest.fixture(scope="session", params=["stand-in", *(["real"] if REAL else [])])
def savu(request: pytest.FixtureRequest, stand_in: list[str]) -> Iterator[ConnectedSavu]:
    """A connected Savu: always the stand-in, and the real one where SAVU_PYTHON names it."""
    real = request.param == "real" and REAL is not None
    connected = ConnectedSavu(
        request.param,
        command=[str(REAL)] if real else stand_in,
        folder=Path(FOLDER) if real and FOLDER else None,
    )
    yield connected
    connected.close()


@pytest.fixture(scope="session")
def lists() -> list[Path]:
    """Process lists of several versions of Savu, and those below SAVU_LISTS."""
    data = HERE.parent / "data"
    found = [*data.glob("lists/*.nxs"), *data.glob("savu_lists/*.nxs")]
    if "SAVU_LISTS" in os.environ:
        found += Path(os.environ["SAVU_LISTS"]).glob("**/*.nxs")
    return sorted(found)
