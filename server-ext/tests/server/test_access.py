"""Who may call the routes, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from conftest import client_of
from contract import check, operations
from jupyter import Jupyter

JOB = "20260101T000000-00000000"

OPERATIONS = [
    (method, path.lstrip("/").replace("{name}", "AstraReconCpu").replace("{id}", JOB))
    for method, path in operations()
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_route_needs_a_token(jupyter: Jupyter, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "token wrong"}):
        answer = httpx.request(method, jupyter.url + path, headers=headers)
        assert answer.status_code == 403
        check(answer, jupyter.url)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_route_is_authorised(denying: Jupyter, method: str, path: str) -> None:
    answer = httpx.request(method, denying.url + path, headers=denying.headers)
    assert answer.status_code == 403
    check(answer, denying.url)


@pytest.fixture(scope="module")
def denying(tmp_path_factory: pytest.TempPathFactory):
    """A server where a user may be signed in, and nothing else."""
    extra = """
from jupyter_server.auth import Authorizer

class Nobody(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource == "api"

c.ServerApp.authorizer_class = Nobody
"""
    server = Jupyter(tmp_path_factory.mktemp("denying"), extra=extra)
    yield server.start()
    server.stop()


def test_a_cookie_needs_the_xsrf_token(jupyter: Jupyter) -> None:
    with httpx.Client() as browser:
        browser.get(jupyter.url + "login")
        # signed in by a link, as a browser is
        token = jupyter.headers["Authorization"].split()[1]
        browser.get(jupyter.url + "api/me", params={"token": token})
        url = f"{jupyter.url}savu/jobs/{JOB}/cancel"
        answer = browser.post(url)
        assert answer.status_code == 403
        check(answer, jupyter.url)
        answer = browser.post(url, headers={"X-XSRFToken": browser.cookies["_xsrf"]})
        assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "nothing", "jobs/x/y/z", "data", "data/else/", "plugins/a-b"])
def test_an_unknown_address_is_told_in_json(api: httpx.Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = api.request(method, path)
        assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["info", "jobs", "process-lists/content", "data/meta/"])
def test_another_method_is_told_with_those_allowed(api: httpx.Client, path: str) -> None:
    answer = api.patch(path)
    assert (answer.status_code, answer.json()["reason"]) == (405, "method")
    assert "GET" in answer.headers["Allow"]


def test_faults_of_the_server_tell_only_their_number(start: Callable[..., Jupyter]) -> None:
    server = start(
        "from jupyterlab_savu.data.files import FileService\n"
        "FileService.volumes = lambda self, root, file: {}['secret']\n"
    )
    with client_of(server) as api:
        answer = api.get("slices/volumes", params={"file": "scan.nxs"})
    told = answer.json()
    assert (answer.status_code, told["reason"]) == (500, "unexpected")
    assert "secret" not in answer.text
    assert "KeyError: 'secret'" in server.log
    assert told["id"] in server.log


def test_a_faulty_configuration_is_named_and_jupyter_goes_on(
    start: Callable[..., Jupyter],
) -> None:
    server = start(SavuApp__queues=[{"name": "a", "slots": 0}])
    with client_of(server) as api:
        answer = api.get("info")
    assert (answer.status_code, answer.json()["reason"]) == (503, "configuration")
    for told in (answer.json()["message"], server.log):
        assert "SavuApp.queues[0]['slots'] = 0" in told
    assert httpx.get(server.url + "api/status", headers=server.headers).is_success
