"""Facts about Savu's plugins: their parameters, types, defaults and dependencies.

The facts ship with the package, so that lists can be edited where there is no Savu. Texts exist
for the plugins that the embedded engine runs. Where a Savu is connected, its own facts and texts
take the place of these, see :func:`using`.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from savu_core.model import Plugin

_DOI_ADDRESS = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)

Kind: TypeAlias = Literal["loader", "processing", "saver"]

#: Levels of visibility, in the order in which parameters are shown; "hidden" never is.
VISIBILITIES = ("basic", "intermediate", "advanced", "datasets", "hidden")


@dataclass(frozen=True)
class Dependency:
    """A parameter matters while its `parent` has one of `values`, or any but None.

    Some definitions name a parent that the plugin does not have: those always matter.
    """

    parent: str
    values: tuple[Any, ...] | None

    def holds(self, parameters: Mapping[str, Any]) -> bool:
        if self.parent not in parameters:
            return True
        value = parameters[self.parent]
        if self.values is None:
            return value is not None and value != "None"
        # some definitions give the text of a value of another type
        return str(value) in {str(allowed) for allowed in self.values}


@dataclass(frozen=True)
class Parameter:
    """`default` is the value that a list holds when the parameter is left alone.

    Where another default is better with other values of a parent, `default_by` has them.
    `unit` is the one of its numbers, such as px.
    """

    name: str
    dtype: str
    visibility: str
    default: Any
    options: tuple[Any, ...] | None = None
    dependency: Dependency | None = None
    description: str = ""
    example: str = ""
    default_by: tuple[str, Mapping[str, Any]] | None = None
    unit: str | None = None

    def default_beside(self, parameters: Mapping[str, Any]) -> Any:
        """The default beside these values of the others."""
        if self.default_by is None:
            return copy.deepcopy(self.default)
        parent, defaults = self.default_by
        return defaults.get(str(parameters.get(parent)), self.default)

    def to_json(self, display: bool) -> dict[str, Any]:
        """The API's form; values are JSON text there, as in a process list."""
        obj: dict[str, Any] = {
            "name": self.name,
            "dtype": self.dtype,
            "visibility": self.visibility,
            "default": json.dumps(self.default),
            "display": display,
            "description": self.description,
        }
        if self.example:
            obj["example"] = self.example
        if self.unit is not None:
            obj["unit"] = self.unit
        if self.options is not None:
            obj["options"] = [json.dumps(option) for option in self.options]
        if self.default_by is not None:
            parent, defaults = self.default_by
            obj["default_by"] = {
                parent: {value: json.dumps(default) for value, default in defaults.items()}
            }
        if self.dependency is not None:
            values = self.dependency.values
            obj["dependency"] = {
                self.dependency.parent: None if values is None else [json.dumps(v) for v in values]
            }
        return obj


@dataclass(frozen=True)
class Citation:
    """A publication: what it is cited for, and entries for the programs that keep them."""

    description: str
    doi: str
    bibtex: str
    endnote: str


@dataclass(frozen=True)
class PluginFacts:
    """`id` is the module path, `parameters` are in the order in which they are shown.

    `saved_order` is the order of the parameters in a process list. Only a connected Savu supplies
    `citations`, `description` and `warning`.
    """

    name: str
    id: str
    category: str
    kind: Kind
    summary: str
    parameters: tuple[Parameter, ...]
    saved_order: tuple[str, ...]
    dois: tuple[str, ...]
    description: str = ""
    warning: str = ""
    citations: tuple[Citation, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def is_of_use(self, parameter: Parameter, values: Mapping[str, Any]) -> bool:
        """Whether a parameter has an effect beside these `values` of the others."""
        if parameter.visibility == "hidden":
            return False
        return parameter.dependency is None or parameter.dependency.holds(values)

    def to_json(self) -> dict[str, Any]:
        """The API's form, without what engines say about the plugin."""
        defaults = {parameter.name: parameter.default for parameter in self.parameters}
        obj: dict[str, Any] = {
            "name": self.name,
            "id": self.id,
            "category": self.category,
            "kind": self.kind,
            "summary": self.summary,
            "parameters": [p.to_json(self.is_of_use(p, defaults)) for p in self.parameters],
            "dois": list(self.dois),
        }
        if self.citations:
            obj["bibtex"] = [c.bibtex for c in self.citations if c.bibtex]
            obj["endnote"] = [c.endnote for c in self.citations if c.endnote]
        if self.description:
            obj["description"] = self.description
        if self.warning:
            obj["warning"] = self.warning
        return obj


_used: ContextVar[Mapping[str, PluginFacts] | None] = ContextVar("_used", default=None)


def catalogue() -> Mapping[str, PluginFacts]:
    """The plugins by name: those of the Savu that is :func:`using`, else of Savu 4.2."""
    used = _used.get()
    return shipped() if used is None else used


@contextmanager
def using(facts: Mapping[str, PluginFacts] | None) -> Iterator[None]:
    """Take `facts` for those of all plugins; None for what is shipped."""
    token = _used.set(facts)
    try:
        yield
    finally:
        _used.reset(token)


@cache
def shipped() -> Mapping[str, PluginFacts]:
    """The plugins of Savu 4.2 by name."""
    texts = _load("descriptions.json")
    return MappingProxyType(
        {
            facts["name"]: facts_from_json(facts, texts.get(facts["name"], {}))
            for facts in _load("catalogue.json")["plugins"]
        }
    )


def new_plugin(name: str, position: str = "1") -> Plugin:
    """A plugin with its defaults, as an editor adds it.

    Raises:
        KeyError: when there is no such plugin.
    """
    facts = catalogue()[name]
    defaults = {parameter.name: parameter.default for parameter in facts.parameters}
    return Plugin(
        position=position,
        name=name,
        id=facts.id,
        parameters={key: copy.deepcopy(defaults[key]) for key in facts.saved_order},
    )


def plugin_kind(name: str) -> Kind:
    """loader, processing or saver; unknown plugins are told by their names."""
    facts = catalogue().get(name)
    if facts is not None:
        return facts.kind
    if name.lower().endswith("loader"):
        return "loader"
    return "saver" if name.lower().endswith("saver") else "processing"


def repaired(value: Any) -> Any:
    """A value as it runs: where a list holds the word None, None itself is meant."""
    if isinstance(value, list):
        return [None if item == "None" else repaired(item) for item in value]
    return value


def _unit(plugin: str, parameter: str) -> str | None:
    """The unit of a parameter: of this plugin, or of all that have one of the name."""
    units = _units()
    return units.get(f"{plugin}.{parameter}", units.get(parameter))


@cache
def _units() -> Mapping[str, str]:
    return MappingProxyType(_load("units.json"))


def _load(name: str) -> Any:
    return json.loads(resources.files("savu_core").joinpath(name).read_text("utf-8"))


def facts_from_json(facts: Mapping[str, Any], texts: Mapping[str, Any]) -> PluginFacts:
    """The facts that `facts` tells, as the catalogue or a connected Savu does.

    `texts` are our own: what it is for, and what its parameters mean.
    """
    descriptions = texts.get("parameters", {})
    parameters = [
        _parameter(
            item,
            item.get("description") or descriptions.get(item["name"], ""),
            _unit(facts["name"], item["name"]),
        )
        for item in facts["parameters"]
    ]
    options = {parameter.name: parameter.options for parameter in parameters}
    parameters = [_reachable(parameter, options) for parameter in parameters]
    citations = tuple(
        Citation(*(item[key] for key in ("description", "doi", "bibtex", "endnote")))
        for item in facts.get("citations", ())
    )
    dois = facts.get("dois") or [_doi(citation.doi) for citation in citations if citation.doi]
    return PluginFacts(
        name=facts["name"],
        id=facts["id"],
        category=facts["category"],
        kind=facts["kind"],
        summary=facts.get("summary") or texts.get("summary", ""),
        parameters=tuple(sorted(parameters, key=lambda p: VISIBILITIES.index(p.visibility))),
        saved_order=tuple(parameter.name for parameter in parameters),
        dois=tuple(dict.fromkeys(dois)),
        description=facts.get("description", ""),
        warning=facts.get("warning", ""),
        citations=citations,
    )


def _reachable(parameter: Parameter, options: Mapping[str, tuple[Any, ...] | None]) -> Parameter:
    """The parameter, always of use if it waits for values that its parent cannot have."""
    dependency = parameter.dependency
    allowed = options.get(dependency.parent) if dependency else None
    if dependency is None or dependency.values is None or allowed is None:
        return parameter
    if {str(value) for value in dependency.values} & {str(option) for option in allowed}:
        return parameter
    return replace(parameter, dependency=None)


def _doi(text: str) -> str:
    """A DOI without the address that some definitions put before it."""
    return _DOI_ADDRESS.sub("", text.strip())


def _parameter(item: dict[str, Any], description: str, unit: str | None) -> Parameter:
    dependency = None
    if "dependency" in item:
        ((parent, values),) = item["dependency"].items()
        dependency = Dependency(parent, None if values is None else tuple(values))
    options = item.get("options")
    default_by = None
    if "default_by" in item:
        ((parent, defaults),) = item["default_by"].items()
        default_by = (
            parent,
            MappingProxyType({key: repaired(value) for key, value in defaults.items()}),
        )
    return Parameter(
        name=item["name"],
        dtype=item["dtype"],
        visibility=item["visibility"],
        default=repaired(item["default"]),
        options=None if options is None else tuple(options),
        dependency=dependency,
        description=description,
        example=item.get("example", ""),
        default_by=default_by,
        unit=unit,
    )
