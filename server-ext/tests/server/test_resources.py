"""Resources, values and scripts, without a scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_savu.configuration import ConfigurationError, Queue, make_queues
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.resources import Resources, choose, offered
from jupyterlab_savu.jobs.scripts import Scripts

FACTS: dict[str, Any] = {"job_id": "ID", "run": "python3 job/runner.py ID run"}


def queue(**resources: Any) -> Queue:
    return Queue(name="full", resources=resources)


def test_defaults_count_unless_something_is_asked_for() -> None:
    asked = queue(cpus={"default": 4, "most": 8}, minutes={"default": 10}, gpus={})
    assert choose(asked, {}) == Resources(cpus=4, minutes=10)
    assert choose(asked, {"cpus": 8, "gpus": 1}) == Resources(cpus=8, minutes=10, gpus=1)
    assert [told["name"] for told in offered(asked)] == ["cpus", "gpus", "minutes"]


@pytest.mark.parametrize("value", [0, 9])
def test_limits_are_told(value: int) -> None:
    with pytest.raises(Fault, match=r"at (least 1|most 8) CPUs") as told:
        choose(queue(cpus={"most": 8}), {"cpus": value})
    assert told.value.place == "/resources/cpus"


@pytest.mark.parametrize(
    "limits", [{"least": 4, "most": 2}, {"default": 9, "most": 8}, {"default": 0}, {"max": 1}]
)
def test_limits_that_cannot_be_are_named(limits: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match=r"SavuApp\.queues"):
        make_queues([{"name": "a", "resources": {"cpus": limits}}], ["embedded"], ["local"])


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    (tmp_path / "mine.mustache").write_text("#!/bin/sh\n{{#a}}# {{a}}\n{{/a}}{{run}}\n")
    return Scripts([tmp_path])


def test_the_last_layer_wins_and_changes_count_at_once(scripts: Scripts, tmp_path: Path) -> None:
    assert "# 1\n" in scripts.render("mine", [{"a": "1"}], FACTS)
    assert "# 3\n" in scripts.render("mine", [{"a": "1"}, {"a": "2"}, {"a": "3"}], FACTS)
    assert "#!/bin/sh\npython3" in scripts.render("mine", [], FACTS, optional=["a"])
    (tmp_path / "mine.mustache").write_text("{{run}} now")
    assert scripts.render("mine", [], FACTS) == "python3 job/runner.py ID run now\n"
    (tmp_path / "late.mustache").write_text("{{run}}")
    assert scripts.names() == ["gridengine", "late", "mine", "slurm"]


@pytest.mark.parametrize(
    ("template", "values", "words"),
    [
        ("mine", {}, "needs a value for 'a'"),
        ("mine", {"a": "1", "b": "2"}, "has no use for 'b'"),
        ("mine", {"a": "1", "job_id": "2"}, "'job_id' cannot be set"),
        ("../mine", {"a": "1"}, "There is no template"),
        ("a/b", {"a": "1"}, "There is no template"),
        ("a\\b", {"a": "1"}, "There is no template"),
        ("mine\n", {"a": "1"}, "There is no template"),
        ("absent", {"a": "1"}, "There is no template"),
    ],
)
def test_what_does_not_fit_a_template_is_an_error(
    template: str, values: dict[str, str], words: str, scripts: Scripts
) -> None:
    with pytest.raises(Fault, match=words):
        scripts.render(template, [values], FACTS)


@pytest.mark.parametrize("text", ["#!/bin/sh\n", "{{#run}}", "{{> /etc/passwd}}{{run}}", "\xff"])
def test_a_faulty_template_is_the_administrators(
    text: str, scripts: Scripts, tmp_path: Path
) -> None:
    (tmp_path / "bad.mustache").write_bytes(text.encode("latin-1"))
    with pytest.raises(Fault, match="Ask the person who set up this server") as told:
        scripts.render("bad", [], FACTS)
    assert told.value.status == 500


def test_nothing_is_escaped(scripts: Scripts, tmp_path: Path) -> None:
    (tmp_path / "html.mustache").write_text("a < b && c > 'd'; {{run}}")
    facts = {**FACTS, "run": "<&>'\""}
    assert scripts.render("html", [], facts) == "a < b && c > 'd'; <&>'\"\n"
