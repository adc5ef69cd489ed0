"""Scripts for schedulers, from templates without logic (Mustache).

Values are refused rather than cleaned when they hold anything that could mean something to a
shell. The paths of users never are values: a script names the job by its id alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pystache
from pystache.context import KeyNotFoundError
from pystache.parser import ParsingError

from jupyterlab_savu.faults import Fault

SHIPPED = Path(__file__).parent / "templates"
_SUFFIX = ".mustache"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Nothing that a shell, a scheduler's directives or an option parser gives a meaning to.
_VALUE = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9._/:,+=@-]{0,199}")
#: What starts the job; a script without it would do nothing.
RUN = "run"


class Scripts:
    """The templates of some folders; in a later folder, one takes the place of its namesake.

    The files are read each time, so that a change counts from the next script on.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = (SHIPPED, *folders)

    def names(self) -> list[str]:
        return sorted(self._files())

    def render(
        self,
        template: str,
        layers: Sequence[Mapping[str, str]],
        facts: Mapping[str, Any],
        optional: Sequence[str] = (),
    ) -> str:
        """The script; of the `layers`, a later one wins, and `facts` win over all.

        The facts are ours and not checked: numbers, None where there is none, and `RUN`. The
        `optional` values may be missing.

        Raises:
            Fault: 422, a value is not fit for a script, missing, or unknown to the template; 500,
                the template itself is faulty.
        """
        values: dict[str, str] = {}
        for layer in layers:
            for name, value in layer.items():
                values[name] = checked(name, value)
                if name in facts:
                    raise Fault(f"{name!r} cannot be set.", place=f"/values/{name}")
        asked = _Asked({**dict.fromkeys(optional), **values, **facts})
        try:
            script: str = pystache.Renderer(
                escape=lambda text: text, missing_tags="strict", partials={}
            ).render(self._text(template), asked)
        except KeyNotFoundError as error:
            raise Fault(
                f"The template {template} needs a value for {error.key!r}.",
                place=f"/values/{error.key}",
            ) from None
        except (ParsingError, pystache.common.TemplateNotFoundError) as error:
            raise _faulty(template, str(error)) from None
        unknown = sorted(set(values) - asked.names)
        if unknown:
            raise Fault(
                f"The template {template} has no use for {unknown[0]!r}.",
                place=f"/values/{unknown[0]}",
            )
        if RUN not in asked.names:
            raise _faulty(template, f"nothing starts the job: {{{{{RUN}}}}} is missing")
        return script if script.endswith("\n") else script + "\n"

    def _text(self, template: str) -> str:
        known = self._files()
        # a name is a key, and never a path
        if not _NAME.fullmatch(template) or template not in known:
            raise Fault(
                f"There is no template {template!r}, only {', '.join(sorted(known))}.",
                place="/template",
            )
        try:
            return known[template].read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _faulty(template, str(error)) from None

    def _files(self) -> dict[str, Path]:
        return {
            file.stem: file
            for folder in self._folders
            for file in sorted(folder.glob(f"*{_SUFFIX}"))
            if _NAME.fullmatch(file.stem)
        }


def checked(name: str, value: str) -> str:
    """The value, which is fit for a script.

    Raises:
        Fault: it is not.
    """
    if not _VALUE.fullmatch(value) or ".." in value:
        raise Fault(
            f"{name!r} may hold letters, digits and . _ / : , + = @ - only, "
            f"may not begin with a sign and may not hold '..': {value!r} is refused.",
            place=f"/values/{name}",
        )
    return value


class _Asked(dict[str, Any]):
    """Remembers which of its keys a template has."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)


def _faulty(template: str, why: str) -> Fault:
    return Fault(
        f"The template {template} is faulty: {why}. Ask the person who set up this server.",
        status=500,
        reason="template",
    )
