"""The plugins that a process list can hold."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.bridge.source import Source, source
from jupyterlab_savu.faults import not_found
from jupyterlab_savu.routes.base import SavuHandler, Services
from jupyterlab_savu.routes.parameters import PluginSearch, PluginSource
from savu_core.catalogue import PluginFacts
from savu_core.search import find_plugins


class PluginsHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.answer(await self.call(_page, self.services, self.query(PluginSearch)))


class PluginHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self, name: str) -> None:
        asked = self.query(PluginSource)
        self.answer(await self.call(_facts, self.services, name, asked.savu))


def _page(services: Services, search: PluginSearch) -> dict[str, Any]:
    offered = _source(services, search.savu)
    found = find_plugins(
        sorted(offered.plugins.values(), key=lambda facts: facts.name),
        search.q,
        runs=lambda name: bool(services.engines.running(name)),
    )
    if search.cursor is not None:
        names = [facts.name for facts in found]
        found = found[names.index(search.cursor) + 1 :] if search.cursor in names else []
    page = found[: search.limit]
    return {
        "items": [_summary(services, offered, facts) for facts in page],
        "next": page[-1].name if len(found) > len(page) else None,
    }


def _source(services: Services, savu: str | None) -> Source:
    return source(None if savu is None else services.savus[savu])


def _summary(services: Services, offered: Source, facts: PluginFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "id": facts.id,
        "category": facts.category,
        "kind": facts.kind,
        "summary": facts.summary,
        "parameters": [p.name for p in facts.parameters if p.visibility != "hidden"],
        "engines": list(services.engines.running(facts.name)),
        **_unavailable(offered, facts.name),
    }


def _facts(services: Services, name: str, savu: str | None) -> dict[str, Any]:
    offered = _source(services, savu)
    if name not in offered.plugins:
        raise not_found(f"There is no plugin {name!r}.")
    limits = services.engines.running(name)
    return {
        **offered.plugins[name].to_json(),
        "engines": list(limits),
        "limits": {
            engine: {
                parameter: [json.dumps(value) for value in values]
                for parameter, values in limited.items()
            }
            for engine, limited in limits.items()
        },
        **_unavailable(offered, name),
    }


def _unavailable(offered: Source, name: str) -> dict[str, str]:
    return {"unavailable": offered.missing[name]} if name in offered.missing else {}
