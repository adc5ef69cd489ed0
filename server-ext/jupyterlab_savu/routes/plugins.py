"""The plugins that a process list can hold."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.faults import not_found
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.routes.base import SavuHandler
from jupyterlab_savu.routes.parameters import PluginSearch
from savu_core.catalogue import PluginFacts, catalogue
from savu_core.search import find_plugins


class PluginsHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.answer(await self.call(_page, self.services.engines, self.query(PluginSearch)))


class PluginHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self, name: str) -> None:
        self.answer(await self.call(_facts, self.services.engines, name))


def _page(engines: Engines, search: PluginSearch) -> dict[str, Any]:
    found = find_plugins(
        sorted(catalogue().values(), key=lambda facts: facts.name),
        search.q,
        runs=lambda name: bool(engines.running(name)),
    )
    if search.cursor is not None:
        names = [facts.name for facts in found]
        found = found[names.index(search.cursor) + 1 :] if search.cursor in names else []
    page = found[: search.limit]
    return {
        "items": [_summary(engines, facts) for facts in page],
        "next": page[-1].name if len(found) > len(page) else None,
    }


def _summary(engines: Engines, facts: PluginFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "id": facts.id,
        "category": facts.category,
        "kind": facts.kind,
        "summary": facts.summary,
        "parameters": [p.name for p in facts.parameters if p.visibility != "hidden"],
        "engines": list(engines.running(facts.name)),
    }


def _facts(engines: Engines, name: str) -> dict[str, Any]:
    facts = catalogue().get(name)
    if facts is None:
        raise not_found(f"There is no plugin {name!r}.")
    limits = engines.running(name)
    return {
        **facts.to_json(),
        "engines": list(limits),
        "limits": {
            engine: {
                parameter: [json.dumps(value) for value in values]
                for parameter, values in limited.items()
            }
            for engine, limited in limits.items()
        },
    }
