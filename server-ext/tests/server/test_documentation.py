"""The documents say what the code does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from traitlets.config import Config

from jupyterlab_savu import configuration
from jupyterlab_savu.configuration import Limits, Queue, RootSettings, SavuSettings
from jupyterlab_savu.extension import SavuApp

PROJECT = Path(__file__).parents[3]
CONFIGURATION = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", CONFIGURATION, re.DOTALL)


def test_every_setting_is_described() -> None:
    traits = set(SavuApp.class_own_traits(config=True))
    described = set(re.findall(r"`SavuApp\.(\w+)`", CONFIGURATION))
    assert described == traits


@pytest.mark.parametrize("model", [RootSettings, Queue, SavuSettings, Limits])
def test_every_field_is_described(model: type[BaseModel]) -> None:
    tables = [
        set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
        for table in CONFIGURATION.split("\n\n")
    ]
    assert set(model.model_fields) in tables


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_valid(example: str, tmp_path: Path) -> None:
    settings = Config()
    exec(example, {"c": settings})
    app = SavuApp(config=settings)
    limits = configuration.parse(Limits, "SavuApp.limits", app.limits)
    assert limits.data_workers >= 1
    roots = configuration.make_roots(str(tmp_path), app.roots, False)
    engines = configuration.make_engines(app.engines)
    savus = configuration.make_savus(app.connected_savus, engines)
    assert configuration.make_queues(app.queues, [*engines, *savus], ["local"])
    assert configuration.make_output_root(app.output_root, str(tmp_path), roots)


def test_the_queues_shown_are_the_ones_without_configuration() -> None:
    settings = Config()
    example = next(text for text in EXAMPLES if "SavuApp.queues" in text)
    exec(example, {"c": settings})
    assert settings.SavuApp.queues == configuration.DEFAULT_QUEUES


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    place = PROJECT / name
    for document in sorted(place.glob("*.md")) if place.is_dir() else [place]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_commands_in_the_documents_are_scripts_of_the_package() -> None:
    scripts: dict[str, Any] = json.loads((PROJECT / "package.json").read_text())["scripts"]
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        for command in re.findall(r"npm (?:run )?([a-z:]+)", text):
            assert command in scripts


def test_the_page_of_the_engine_names_what_it_runs() -> None:
    command = [sys.executable, "-m", "savu_embedded", "--capabilities"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    text = (PROJECT / "docs" / "engine.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `([A-Z]\w+)`", text, re.MULTILINE)
    assert sorted(described) == sorted(json.loads(answer.stdout)["plugins"])
