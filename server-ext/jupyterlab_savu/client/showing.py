"""Jobs, and lists of what the server has, as notebooks show them; all texts are escaped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from html import escape
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from jupyterlab_savu.client.job import Job

Item = TypeVar("Item")

#: What is shown of each item under which heading.
Columns = Mapping[str, Callable[[Item], Any]]

#: Rows that are shown; the list itself has all.
_MOST = 100


class Table(list[Item], Generic[Item]):
    """A list that notebooks show as a table."""

    def __init__(self, items: Iterable[Item], columns: Columns[Item]) -> None:
        super().__init__(items)
        self._columns = columns

    def _repr_html_(self) -> str:
        if not self:
            return "<p>nothing found</p>"
        head = _row(map(escape, self._columns), "th")
        rows = "".join(
            _row(_cell(of(item)) for of in self._columns.values()) for item in self[:_MOST]
        )
        left = len(self) - _MOST
        more = f"<p>and {left} more</p>" if left > 0 else ""
        return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>{more}"


def fields(**keys: str) -> Columns[Mapping[str, Any]]:
    """Columns that show members of mappings, by heading."""
    return {heading: itemgetter(key) for heading, key in keys.items()}


#: Of jobs.
JOBS: Columns[Job] = {
    "List": lambda job: job.name,
    "Data": lambda job: job.to_json()["data"]["path"],
    "Queue": lambda job: job.to_json()["queue"],
    "State": lambda job: job.state,
    "Progress": lambda job: f"{100 * job.progress:.0f} %",
    "": lambda job: job.message,
}


def job_line(job: Job) -> str:
    """State, progress and the plugin that runs."""
    told = job.to_json()
    step = next((step for step in told["steps"] if step["state"] == "running"), None)
    doing = f" {step['name']}" if step else ""
    return f"{job.state:<10}{100 * job.progress:4.0f} %{doing}"


def job_html(job: Job) -> str:
    """What runs on what, how far it is, and what came of it."""
    told = job.to_json()
    end = job.message if job.result is None else f"{job.message or 'done'}: {job.result.place}"
    return (
        f"<p><b>{escape(job.name)}</b> on {escape(told['data']['path'])}, {escape(told['queue'])} "
        f'queue<br><progress max="1" value="{job.progress:.3f}" aria-label="Progress"></progress> '
        f"{escape(' '.join(job_line(job).split()))}"
        + (f"<br>{escape(end)}" if end else "")
        + "</p>"
    )


def follower(shown: Any = None) -> Callable[[Job], None]:
    """What `Job.wait` calls with the job as it changes: it draws the job, or all of `shown`, anew
    in a notebook, and prints a line elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if getattr(shell, "kernel", None) is None:
        return lambda job: print(job_line(job), flush=True)
    from IPython.display import display

    handle: Any = None

    def draw(job: Job) -> None:
        nonlocal handle
        drawn = job if shown is None else shown
        if handle is None:
            handle = display(drawn, display_id=True)
        else:
            handle.update(drawn)

    return draw


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return escape(" × ".join(map(str, value)))
    return "" if value is None else escape(str(value))


def _row(cells: Iterable[str], kind: str = "td") -> str:
    # JupyterLab sets tables flush right, which is for numbers
    return (
        "<tr>" + "".join(f'<{kind} style="text-align: left">{c}</{kind}>' for c in cells) + "</tr>"
    )
