"""The libraries of arrays are chosen in one place, so that another can be chosen there."""

import ast
from pathlib import Path

import pytest

import savu_embedded

PACKAGE = Path(savu_embedded.__file__).parent
LIBRARIES = {"numpy", "scipy", "finufft", "cupy", "cupyx", "cufinufft"}
# They read and write files, whose values are in the memory of the processor.
FILES = {"image_loader", "loaders", "loading", "nexus_loaders", "savers"}
COMPUTING = [
    path
    for room in ("methods", "plugins")
    for path in sorted((PACKAGE / room).glob("*.py"))
    if path.stem not in FILES
]


def imported(path: Path) -> set[str]:
    """Return the names of the packages that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", COMPUTING, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_computes_takes_its_libraries_from_arrays(path: Path) -> None:
    assert not imported(path) & LIBRARIES


def test_nothing_but_arrays_knows_the_library_of_the_transforms() -> None:
    knowing = {p.stem for p in PACKAGE.rglob("*.py") if "finufft" in imported(p)}
    assert knowing == {"arrays"}
