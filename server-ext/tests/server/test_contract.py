"""The contract drives the real server: whatever is asked, the answer conforms."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from conftest import STEPS
from contract import document
from hypothesis import HealthCheck, Phase, settings
from jupyter import Jupyter
from schemathesis import Case
from schemathesis.specs.openapi import checks

from savu_core.catalogue import catalogue, new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList

schema = schemathesis.openapi.from_dict(document())

NOT_OURS = [
    # the server judges more than a schema can say: paths, cursors, positions
    checks.positive_data_acceptance,
    # parameters that are not known are ignored: browsers add the time to defeat caches
    checks.negative_data_rejection,
    # Jupyter answers 403 to a request without a token, which test_access.py checks
    checks.ignored_auth,
    checks.missing_required_header,
]
REAL = {"path": "steps.nxs", "file": "scan.nxs"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, phantom: Path):
    """A server of its own, since anything may happen to its files."""
    started = Jupyter(tmp_path_factory.mktemp("contract")).start()
    (started.root / "scan.nxs").write_bytes(phantom.read_bytes())
    steps = [new_plugin(name, str(i)) for i, name in enumerate(STEPS, 1)]
    write_process_list(started.root / "steps.nxs", ProcessList(steps), create=True)
    yield started
    started.stop()


def test_the_contract_is_valid_openapi() -> None:
    schema.validate()


def test_the_contract_names_what_exists() -> None:
    visibilities = document()["components"]["schemas"]["Parameter"]["properties"]["visibility"]
    used = {p.visibility for facts in catalogue().values() for p in facts.parameters}
    assert used <= set(visibilities["enum"])


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_answer_conforms(case: Case, server: Jupyter) -> None:
    # paths that exist lead further than invented ones
    for name, value in REAL.items():
        if name in (case.query or {}) and case.method == "GET":
            case.query[name] = value if len(case.query[name]) % 2 else case.query[name]
    case.call_and_validate(
        base_url=server.url.rstrip("/"), headers=server.headers, excluded_checks=NOT_OURS
    )
