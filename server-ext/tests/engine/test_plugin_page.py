"""What docs/engine-plugin.md says, done as it says."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from savu_core.catalogue import catalogue
from savu_embedded.plugins import PLUGINS

from .conftest import SERVER_EXT, MakeList, final

PAGE = (SERVER_EXT.parent / "docs" / "engine-plugin.md").read_text(encoding="utf-8")
NAME = "ValueSubstitution"


def code(language: str, number: int) -> str:
    return str(re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[number])


def module(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_plugin_of_the_page_runs(
    scan: Path, make_list: MakeList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NAME not in PLUGINS
    added = module(tmp_path / "value_substitution.py", code("python", 0))
    monkeypatch.setitem(PLUGINS, NAME, getattr(added, NAME))
    test = module(tmp_path / "page.py", code("python", 1))
    test.test_values_are_replaced(scan, make_list, final, tmp_path)


def test_the_texts_of_the_page_are_those_of_the_parameters() -> None:
    ((name, texts),) = json.loads(code("json", 0)).items()
    facts = catalogue()[name]
    assert set(texts["parameters"]) == {parameter.name for parameter in facts.parameters}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^\| `(\w+)` +\| `\w+\(", PAGE, re.M))))
def test_the_classes_of_the_page_are_there(name: str) -> None:
    bases = {base.__name__ for plugin in PLUGINS.values() for base in plugin.__mro__}
    assert name in bases
