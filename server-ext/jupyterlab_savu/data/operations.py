"""What a worker process can be asked to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyterlab_savu.data import deletion, description, grove, lists, search, templates, values
from jupyterlab_savu.data.slices import frames, growth, volumes
from jupyterlab_savu.jobs import preparation, progress

#: By name. Arguments and values are plain data.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "ready": lambda: None,
    "describe": description.describe,
    "search": search.search,
    "list.read": lists.read,
    "list.write": lists.write,
    "list.download": lists.download,
    "list.encode": lists.encode,
    "list.delete": deletion.delete,
    "list.compare": lists.compare,
    "list.validate": lists.validate,
    "list.refresh": lists.refresh,
    "list.check": preparation.check,
    "value.read": values.read,
    "value.tune": values.tune,
    "value.preview": values.preview,
    "template.resolve": templates.resolve,
    "template.create": templates.create,
    "template.list": templates.list_of,
    "job.prepare": preparation.prepare,
    "job.outputs": progress.outputs,
    "job.progress": progress.read_all,
    "slices.volumes": volumes.volumes,
    "slices.volume": volumes.volume,
    "slices.frames": frames.frames,
    "slices.growth": growth.growth,
    **{f"data.{name}": question for name, question in grove.QUESTIONS.items()},
}
