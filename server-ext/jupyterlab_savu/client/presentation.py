"""Process lists as notebooks show them; all that a list holds is escaped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from savu_core.compare import Comparison, compare
from savu_core.model import Plugin, ProcessList
from savu_core.summary import comparison_lines, differences, loop_text, marks


class Difference:
    """What differs between two lists; true when anything does."""

    def __init__(self, left: ProcessList, right: ProcessList) -> None:
        self._left = left
        self._right = right
        self.comparison: Comparison = compare(left, right)

    def __bool__(self) -> bool:
        return not self.comparison.equal

    def __repr__(self) -> str:
        if not self:
            return "both lists do the same"
        return "\n".join(comparison_lines(self._left, self._right, self.comparison))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def html_of(title: str, plist: ProcessList) -> str:
    """A table: position, plugin, and the parameters that are not at their defaults."""
    rows = "".join(_row(plugin) for plugin in plist.plugins)
    loops = "".join(f"<p>{escape(loop_text(loop))}</p>" for loop in plist.groups)
    return (
        f"<p><b>{escape(title)}</b></p><table><thead><tr><th></th><th>Plugin</th>"
        f"<th>Differs from the default</th></tr></thead><tbody>{rows}</tbody></table>{loops}"
    )


def _row(plugin: Plugin) -> str:
    style = "" if plugin.active else ' style="opacity: 0.6"'
    name = escape(plugin.name + marks(plugin))
    values = "<br>".join(_values(plugin))
    return f"<tr{style}><td>{escape(plugin.position)}</td><td>{name}</td><td>{values}</td></tr>"


def _values(plugin: Plugin) -> Iterator[str]:
    for name, value in differences(plugin):
        yield f"{escape(name)}: <code>{escape(json.dumps(value, ensure_ascii=False))}</code>"
