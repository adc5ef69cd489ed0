"""Where plugin facts come from: what is shipped, or a connected Savu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyterlab_savu.bridge.connected import ConnectedSavu
from savu_core.catalogue import PluginFacts, plugin_kind, shipped


@dataclass(frozen=True)
class Source:
    """Plugins by name, and the reasons why a connected Savu cannot import some of them."""

    plugins: Mapping[str, PluginFacts]
    missing: Mapping[str, str] = field(default_factory=dict)


def source(savu: ConnectedSavu | None) -> Source:
    """All plugins of `savu`, or those that are shipped.

    Raises:
        Fault: 503 or 504, when `savu` does not start.
    """
    if savu is None:
        return Source(shipped())
    known = savu.known()
    missing = {name: shipped().get(name) or _unknown(name) for name in known.missing}
    return Source({**known.plugins, **missing}, known.missing)


def _unknown(name: str) -> PluginFacts:
    """All that is known of a plugin which cannot be imported: its name."""
    return PluginFacts(
        name=name,
        id="",
        category="",
        kind=plugin_kind(name),
        summary="",
        parameters=(),
        saved_order=(),
        dois=(),
    )
