"""The example notebook does the main job on a real server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from jupyter import Jupyter
from nbclient import NotebookClient

from jupyterlab_savu.client.view import MIME
from jupyterlab_savu.demo import make_demo

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def demo(start: Callable[..., Jupyter], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a server with the demo, which the client finds by itself."""
    server = start()
    make_demo(server.root)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(server.home / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(server.home / "ipython"))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    return server.root


def test_the_first_reconstruction(demo: Path) -> None:
    notebook = nbformat.read(EXAMPLES / "first-reconstruction.ipynb", as_version=4)

    folder = {"metadata": {"path": str(demo)}}
    NotebookClient(notebook, timeout=300, resources=folder).execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data for output in outputs if "data" in output]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    views = [data[MIME] for data in shown if MIME in data]
    assert [(Path(view["path"]).name, view["plane"]) for view in views] == [
        ("scan.nxs", "100,:,:"),
        ("scan_processed.nxs", ":,4,:"),
        ("scan_processed.nxs", ":,64,:"),
    ]
    assert all("image/png" in data for data in shown if MIME in data)
    assert "[]" in [data["text/plain"] for data in shown], "the check of the list"
    # a job is drawn anew in its place while it runs
    jobs = [data["text/html"] for data in shown if "<progress" in data.get("text/html", "")]
    assert len(jobs) == 2
    assert all("succeeded 100 %" in job for job in jobs)
    assert "VoCentering - centre of rotation" in printed
    assert "shape=(512, 128, 512)" in printed
    figures = [data for data in shown if "image/png" in data and MIME not in data]
    assert len(figures) == 2
    (table,) = [data["text/html"] for data in shown if ">Progress</th>" in str(data)]
    assert table.count(">succeeded</td>") == 2


def test_the_lines_of_the_readme(demo: Path) -> None:
    text = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=demo, capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("Result(")
    assert "scan_processed.nxs" in answer.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.name)
def test_examples_are_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
