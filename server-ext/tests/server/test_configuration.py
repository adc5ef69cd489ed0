"""A faulty setting is named, with its value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_savu import configuration
from jupyterlab_savu.configuration import ConfigurationError, Limits

ENGINES = {"embedded": ["engine"]}


@pytest.mark.parametrize(
    ("queues", "words"),
    [
        ([{"name": "a", "slots": 0}], "SavuApp.queues[0]['slots'] = 0"),
        ([{"name": "a b"}], "SavuApp.queues[0]['name'] = 'a b'"),
        ([{"name": "a"}, {"name": "a"}], "SavuApp.queues[1]['name'] = 'a'"),
        ([{"name": "a", "engine": "warp"}], "SavuApp.queues[0]['engine'] = 'warp'"),
        ([{"name": "a", "backend": "moon"}], "SavuApp.queues[0]['backend'] = 'moon'"),
        ([{"name": "a", "slot": 1}], "SavuApp.queues[0]['slot'] = 1"),
        ({"a": 1}, "SavuApp.queues = {'a': 1}"),
    ],
)
def test_a_queue_that_cannot_work_is_named(queues: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        configuration.make_queues(queues, ENGINES, ["local"])
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("roots", "words"),
    [
        ({"a": {"path": "not/absolute"}}, "SavuApp.roots['a']['path'] = 'not/absolute'"),
        ({"jupyter": {"path": "/x"}}, "SavuApp.roots['jupyter']"),
        ({"a": "/x"}, "SavuApp.roots['a'] = '/x'"),
    ],
)
def test_a_root_that_cannot_be_is_named(tmp_path: Path, roots: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        configuration.make_roots(str(tmp_path), roots, False)
    assert words in str(told.value)


def test_runs_go_where_they_are_seen_and_may_be_written(tmp_path: Path) -> None:
    home, archive = tmp_path / "home", tmp_path / "archive"
    settings = {"archive": {"path": str(archive), "read_only": True}}
    roots = configuration.make_roots(str(home), settings, False)
    for value in ("savu-runs", str(home / "deep" / "runs")):
        made = configuration.make_output_root(value, str(home), roots)
        assert made.is_relative_to(home.resolve())
    for value in (str(tmp_path / "else"), str(archive / "runs"), ".hidden", "../else"):
        with pytest.raises(ConfigurationError, match="output_root"):
            configuration.make_output_root(value, str(home), roots)


def test_engines_and_limits_are_checked() -> None:
    with pytest.raises(ConfigurationError, match=r"SavuApp\.engines"):
        configuration.make_engines({"embedded": "one string"})
    with pytest.raises(ConfigurationError, match=r"SavuApp\.limits"):
        configuration.parse(Limits, "SavuApp.limits", {"request_seconds": -1})


def test_the_defaults_are_valid() -> None:
    engines = configuration.make_engines(configuration.DEFAULT_ENGINES)
    queues = configuration.make_queues(configuration.DEFAULT_QUEUES, engines, ["local"])
    assert [(q.name, q.restrict_rows, q.slots) for q in queues.values()] == [
        ("preview", 8, 2),
        ("full", None, 1),
    ]
