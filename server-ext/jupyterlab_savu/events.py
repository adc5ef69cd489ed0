"""The event that tells browsers of a changed job."""

from __future__ import annotations

from typing import Any

#: A name, not an address: it belongs to nobody's domain.
JOB_EVENT = "urn:jupyterlab-savu:job"

JOB_EVENT_SCHEMA: dict[str, Any] = {
    "$id": JOB_EVENT,
    "version": "1",
    "title": "A Savu job has changed",
    "description": "A hint to draw again; the routes are the truth.",
    "type": "object",
    "required": ["sequence"],
    "properties": {
        "sequence": {
            "type": "integer",
            "title": "The number of the event",
            "description": "A gap means that an event was missed.",
        },
        "job": {
            "type": "object",
            "title": "The job",
            "description": "As the route savu/jobs/{id} answers it.",
        },
        "removed": {
            "type": "string",
            "title": "The id of a job that was removed",
            "description": "In place of the job.",
        },
    },
}
