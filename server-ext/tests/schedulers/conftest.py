from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from driver import Driver
from slurm import Slurm

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
def on_slurm(slurm: Slurm, place: Path) -> Iterator[Driver]:
    templates = place / "templates"
    templates.mkdir()
    shipped = (SHIPPED / "slurm.mustache").read_text()
    after = "{{#after}}\n#SBATCH --dependency=afterok:{{after}}\n{{/after}}\n\nexec"
    (templates / "waiting.mustache").write_text(shipped.replace("\nexec", after))
    settings = {
        "kind": "slurm",
        "environment": slurm.environment,
        "templates": [templates],
    }
    driver = Driver(place / "runs", settings, template="waiting", choose=["after"])
    yield driver
    driver.close()
