"""Changes of jobs reach the browser as Jupyter events."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from conftest import Folder
from contract import document, validate
from jupyter import Jupyter
from test_jobs import submit
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_savu.events import JOB_EVENT

ORDER = ["queued", "starting", "running", "finishing", "succeeded"]
ENDED = ("succeeded", "failed", "cancelled")


async def listen(jupyter: Jupyter, api: httpx.Client, folder: Folder) -> list[dict[str, Any]]:
    """The events about a job from its submission to its end."""
    url = jupyter.url.replace("http:", "ws:") + "api/events/subscribe"
    socket = await websocket_connect(HTTPRequest(url, headers=jupyter.headers))
    job = await asyncio.to_thread(submit, api, folder)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["job"]["state"] not in ENDED:
        message = await asyncio.wait_for(socket.read_message(), 60)
        assert isinstance(message, str)
        event = json.loads(message)
        if event["schema_id"] == JOB_EVENT and event["job"]["id"] == job["id"]:
            seen.append(event)
    socket.close()
    return seen


def test_a_browser_follows_a_job_by_events(
    jupyter: Jupyter, api: httpx.Client, folder: Folder
) -> None:
    before = api.get("jobs").json()["sequence"]
    seen = asyncio.run(listen(jupyter, api, folder))
    for event in seen:
        told = {key: event[key] for key in ("sequence", "job")}
        validate(told, document()["components"]["schemas"]["JobEvent"])
    numbers = [event["sequence"] for event in seen]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > before
    states = [event["job"]["state"] for event in seen]
    assert states == sorted(states, key=ORDER.index)
    assert states[-1] == "succeeded"
    progress = [event["job"]["progress"] for event in seen]
    assert progress == sorted(progress)
    # REST is the truth, and tells which events it includes
    page = api.get("jobs").json()
    assert page["sequence"] >= numbers[-1]
    assert seen[-1]["job"] in page["items"]
