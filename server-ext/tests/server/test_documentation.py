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
from traitlets.config import Config, PyFileConfigLoader

from jupyterlab_savu import configuration
from jupyterlab_savu.configuration import Limits, Queue, RootSettings, SavuSettings
from jupyterlab_savu.extension import SavuApp
from jupyterlab_savu.jobs.backends.base import Task
from jupyterlab_savu.jobs.backends.kinds import make_backends
from jupyterlab_savu.jobs.backends.settings import SchedulerSettings
from jupyterlab_savu.jobs.resources import choose

PROJECT = Path(__file__).parents[3]
CONFIGURATION = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", CONFIGURATION, re.DOTALL)


def test_every_setting_is_described() -> None:
    traits = set(SavuApp.class_own_traits(config=True))
    described = set(re.findall(r"`SavuApp\.(\w+)`", CONFIGURATION))
    assert described == traits


@pytest.mark.parametrize("model", [RootSettings, Queue, SchedulerSettings, SavuSettings, Limits])
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
    names = ["local", *configuration.backend_names(app.backends)]
    queues = configuration.make_queues(app.queues, [*engines, *savus], names)
    assert set(make_backends(app.backends, queues)) == set(names)
    assert configuration.make_output_root(app.output_root, str(tmp_path), roots)


@pytest.mark.parametrize("site", ["slurm-site", "gridengine-site", "laptop"])
def test_every_example_of_a_site_makes_scripts(site: str, tmp_path: Path) -> None:
    folder = PROJECT / "docs" / "examples" / site
    settings = PyFileConfigLoader("jupyter_server_config.py", path=str(folder)).load_config()
    app = SavuApp(config=settings)
    roots = configuration.make_roots(str(tmp_path), app.roots, False)
    assert configuration.make_output_root(app.output_root, str(tmp_path), roots)
    for backend in app.backends.values():
        # the templates are beside the file, wherever a site puts them
        if "templates" in backend:
            backend["templates"] = [folder / "templates"]
    names = ["local", *configuration.backend_names(app.backends)]
    queues = configuration.make_queues(app.queues, configuration.make_engines(app.engines), names)
    backends = make_backends(app.backends, queues)
    for queue in queues.values():
        for values in ({}, dict.fromkeys(queue.choose, "mine")):
            task = Task("ID", queue.name, tmp_path, (), resources=choose(queue, {}), values=values)
            script = backends[queue.backend].script(task)
            assert (script is None) == (queue.backend == "local")
            assert script is None or "job/runner.py ID" in script


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
    section = text[text.index("\n## Plugins\n") : text.index("\n## Iterative")]
    described = re.findall(r"^\| `([A-Z]\w+)`", section, re.MULTILINE)
    assert sorted(described) == sorted(json.loads(answer.stdout)["plugins"])
