from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from driver import Driver
from gridengine import GridEngine
from slurm import Slurm
from sshd import CommandNodes

from jupyterlab_savu.jobs.scripts import SHIPPED


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that every user can enter, as daemons and their users must; pytest's cannot be."""
    with tempfile.TemporaryDirectory(prefix="savu-schedulers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def slurm(place: Path) -> Iterator[Slurm]:
    cluster = Slurm(place / "slurm")
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def gridengine(place: Path) -> Iterator[GridEngine]:
    cell = GridEngine(place / "gridengine")
    cell.start()
    yield cell
    cell.stop()


@pytest.fixture(scope="session")
def command_nodes(place: Path, slurm: Slurm) -> Iterator[CommandNodes]:
    nodes = CommandNodes(place / "ssh", slurm.environment)
    nodes.start()
    yield nodes
    nodes.stop()


@pytest.fixture(scope="session")
def templates(place: Path) -> Path:
    """Those that are shipped, each with one more directive for the value `more`."""
    folder = place / "templates"
    folder.mkdir()
    for name, directive in (("slurm", "#SBATCH --dependency=afterok:"), ("gridengine", "#$ -l ")):
        text = (SHIPPED / f"{name}.mustache").read_text()
        more = f"{{{{#more}}}}\n{directive}{{{{more}}}}\n{{{{/more}}}}\n\nexec"
        (folder / f"{name}.mustache").write_text(text.replace("\nexec", more))
    return folder


@pytest.fixture(scope="session")
def on_slurm(slurm: Slurm, place: Path, templates: Path) -> Iterator[Driver]:
    settings = {"kind": "slurm", "environment": slurm.environment, "templates": [templates]}
    driver = Driver(place / "runs", settings, choose=["more"])
    yield driver
    driver.close()


@pytest.fixture(scope="session")
def on_gridengine(gridengine: GridEngine, place: Path, templates: Path) -> Iterator[Driver]:
    settings = {
        "kind": "gridengine",
        "environment": gridengine.environment,
        "command_seconds": 4,
        "templates": [templates],
    }
    driver = Driver(place / "runs", settings, choose=["more"])
    yield driver
    driver.close()


@pytest.fixture
def over_ssh(command_nodes: CommandNodes, place: Path) -> Iterator[Callable[..., Driver]]:
    """Makes back ends for Slurm that reach it through the command nodes."""
    made: list[Driver] = []

    def make(**settings: Any) -> Driver:
        told = {"kind": "slurm", **command_nodes.settings, **settings}
        made.append(Driver(place / "runs", told))
        return made[-1]

    yield make
    for driver in made:
        driver.close()
