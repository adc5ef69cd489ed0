"""What this server is and offers."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu import __version__
from jupyterlab_savu.faults import Fault, not_found
from jupyterlab_savu.routes.base import Refused, SavuHandler, Services
from savu_core.catalogue import catalogue


class InfoHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.answer(
            {
                "version": __version__,
                "roots": [
                    {"name": root.name, "writable": root.writable}
                    for root in self.services.files.roots
                ],
                "engines": await self.call(_engines, self.services),
                "plugins": len(catalogue()),
                "savus": [savu.state() for savu in self.services.savus],
            }
        )


class UnknownHandler(SavuHandler):
    """All other addresses below ours."""

    @authenticated
    @authorized
    async def get(self) -> None:
        raise Refused(not_found("There is no such address on this server."))

    post = put = delete = patch = get


class NotConfiguredHandler(SavuHandler):
    """All addresses, while the configuration is not valid."""

    @authenticated
    @authorized
    async def get(self) -> None:
        raise Refused(
            Fault(
                "Savu is off on this server, because its configuration is not valid: "
                f"{self.settings['savu_configuration_error']}",
                status=503,
                reason="configuration",
            )
        )

    post = put = delete = patch = get


def _engines(services: Services) -> list[dict[str, Any]]:
    # a connected Savu may take long to start; nobody waits for its version
    versions = {savu.name: savu.state()["version"] for savu in services.savus}
    told = []
    for name in services.engines.names:
        if name not in versions:
            try:
                versions[name] = services.engines.capabilities(name).version
            except Fault:
                versions[name] = None
        told.append({"name": name, "version": versions[name]})
    return told
