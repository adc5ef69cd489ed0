"""The half of the bridge that runs in Savu's own interpreter.

Python 3.7, the standard library and Savu are all that it may use; nothing of this package is
there. It is started as ``python savu_side.py [FOLDER]``, with the folder that holds Savu's
packages unless they are installed, takes calls from standard input and answers on standard
output, a line of JSON for each:

    {"id": 1, "call": "hello", "arguments": {}}
    {"id": 1, "value": {"version": "4.2", …}}
    {"id": 1, "error": "ImportError: No module named 'savu'"}
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import math
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any, Callable, Dict

Told = Dict[str, Any]

# what the interpreter prints for humans: colours
_COLOURS = re.compile("\x1b\\[[0-9;]*m")
#: Savu's plugins that could not be imported, by name, with the reason; None until they are tried.
_failed: dict[str, Exception] | None = None


def hello() -> Told:
    """Which Savu this is; quick, since no plugin is imported."""
    import savu
    from savu.version import __version__

    return {
        "version": str(__version__),
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "folder": str(Path(savu.__file__).resolve().parent),
    }


def catalogue() -> Told:
    """The facts of all plugins, and why others cannot be imported.

    Importing them takes some 15 seconds, once for each process.
    """
    failed = _populated()
    from savu.plugins import utils

    plugins = []
    missing = [{"name": name, "reason": _reason(error)} for name, error in failed.items()]
    for name in sorted(utils.plugins):
        if name in failed:
            continue
        try:
            plugins.append(_facts(utils.plugins[name]()))
        except Exception as error:
            missing.append({"name": name, "reason": _reason(error)})
    return {"plugins": plugins, "failed": sorted(missing, key=lambda item: item["name"])}


def judge(plugins: list[Told]) -> list[dict[str, str]]:
    """Savu's verdicts on values: for each plugin, messages by the names of wrong parameters.

    Values of previews must have been checked before: Savu evaluates their parts.
    """
    _populated()
    from savu.plugins import utils
    from scripts.config_generator import parameter_utils

    verdicts = []
    for plugin in plugins:
        tools = _tools(utils.plugins[plugin["name"]]())
        definitions = tools.get_param_definitions()
        wrong = {}
        for name, value in plugin["parameters"].items():
            if name not in definitions:
                continue
            try:
                valid, message = parameter_utils.is_valid(
                    name, utils._dumps(value), copy.deepcopy(definitions[name])
                )
            except Exception as error:
                valid, message = False, _reason(error)
            if not valid:
                wrong[name] = _plain_text(message)
        verdicts.append(wrong)
    return verdicts


def refresh(plugin: Told, version: str | None, defaults: bool) -> Told:
    """What this Savu makes of a plugin of a list that another version may have written.

    Plugins and parameters that have new names get them; parameters that are gone go, new ones
    come with their defaults. `defaults` sets all to defaults.
    """
    failed = _populated()
    from scripts.config_generator.content import Content

    content = Content()
    content.failed = failed
    content.plugin_list.version = version
    content.plugin_list.plugin_list = [_entry(plugin)]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        _update(content)
        content.refresh("1", defaults=defaults)
    return {"plugin": _shown(content.get(0)), "notices": _plain_text(said.getvalue())}


def open_list(path: str, out: str | None) -> Told:
    """Open a list as Savu's configurator does, and save it in `out` unless that is None."""
    failed = _populated()
    from scripts.config_generator.content import Content

    content = Content()
    content.failed = failed
    with contextlib.redirect_stdout(io.StringIO()) as said:
        content.fopen(path, update=True, skip=False)
        for position in content.get_positions():
            content.refresh(position)
        if out is not None:
            content.save(out)
    return {
        "plugins": [_shown(entry) for entry in content.plugin_list.plugin_list],
        "groups": [
            [int(group[key]) for key in ("start_index", "end_index", "iterations")]
            for group in content.plugin_list.iterate_plugin_groups
        ],
        "notices": _plain_text(said.getvalue()),
    }


def _populated() -> dict[str, Exception]:
    global _failed
    if _failed is None:
        from scripts.config_generator import config_utils

        with contextlib.redirect_stdout(io.StringIO()):
            _failed = config_utils.populate_plugins(error_mode=False, examples=False)
    return _failed


def _tools(plugin: Any) -> Any:
    tools = plugin.get_plugin_tools()
    tools._populate_default_parameters()
    return tools


def _facts(plugin: Any) -> Told:
    tools = _tools(plugin)
    definitions = tools.get_param_definitions()
    texts = tools.docstring_info
    return {
        "name": type(plugin).__name__,
        "id": type(plugin).__module__,
        "category": _category(type(plugin).__module__),
        "kind": _kind(plugin),
        "summary": _one_line(texts.get("synopsis")),
        "description": _text(texts.get("info")),
        "warning": _text(texts.get("warn")),
        "link": _text(texts.get("documentation_link")),
        "parameters": [
            _parameter(name, definition, tools) for name, definition in definitions.items()
        ],
        "citations": [_citation(citation) for citation in _citations(tools)],
    }


def _category(module: str) -> str:
    parts = module.split(".")[:-1]
    return ".".join(parts[2:] if parts[:2] == ["savu", "plugins"] else parts)


def _kind(plugin: Any) -> str:
    bases = {base.__name__ for base in type(plugin).__mro__}
    if "BaseLoader" in bases:
        return "loader"
    return "saver" if "BaseSaver" in bases else "processing"


def _parameter(name: str, definition: Told, tools: Any) -> Told:
    default = definition["default"]
    told = {
        "name": name,
        "dtype": definition.get("dtype", "str"),
        "visibility": definition["visibility"],
        "default": default,
        "description": _description(definition.get("description")),
    }
    if tools.default_dependency_dict_exists(definition):
        parent, defaults = next(iter(default.items()))
        told["default"] = tools.parameters[name]
        told["default_by"] = {parent: {str(key): item for key, item in defaults.items()}}
    if definition.get("options"):
        told["options"] = list(definition["options"])
    if definition.get("example"):
        told["example"] = _text(definition["example"])
    dependency = definition.get("dependency")
    if isinstance(dependency, dict):
        parent, values = next(iter(dependency.items()))
        told["dependency"] = {parent: values if isinstance(values, list) else [values]}
    elif dependency is not None:
        told["dependency"] = {dependency: None}
    return told


def _description(described: Any) -> str:
    """One text of what may be a mapping with a summary, more words and words for options."""
    if not isinstance(described, dict):
        return _text(described)
    parts = [_text(described.get(key)) for key in ("summary", "verbose", "range")]
    options = described.get("options")
    if isinstance(options, dict):
        parts += [f"{option}: {_text(text)}" for option, text in options.items()]
    return "\n".join(part for part in parts if part)


def _citations(tools: Any) -> Any:
    citations = tools.get_citations()
    if hasattr(citations, "get_dictionary"):
        citations = citations.get_dictionary()
    return citations.values()


def _citation(citation: Any) -> dict[str, str]:
    return {
        key: _text(getattr(citation, key, None))
        for key in ("name", "description", "doi", "bibtex", "endnote")
    }


def _entry(plugin: Told) -> Told:
    """A plugin as Savu holds it in memory; one that does not exist any more has no tools."""
    from savu.plugins import utils

    tools = None
    with contextlib.suppress(ImportError):
        tools = _tools(utils.load_class(plugin["id"])())
    return {
        "active": plugin["active"],
        "name": plugin["name"],
        "id": plugin["id"],
        "data": plugin["parameters"],
        "doc": tools.docstring_info if tools else "",
        "tools": tools or {},
        "param": tools.get_param_definitions() if tools else {},
        "pos": "1",
    }


def _update(content: Any) -> None:
    content.plugin_mutations = content.check_mutations(content.plugin_mutations)
    content.param_mutations = content.check_mutations(content.param_mutations)
    content._apply_plugin_updates(False)
    if not content.plugin_list.plugin_list:
        raise ValueError("this version of Savu has taken the plugin out of its lists")


def _shown(entry: Told) -> Told:
    return {
        "position": entry["pos"].strip(),
        "name": entry["name"],
        "id": entry["id"],
        "active": bool(entry["active"]),
        "parameters": dict(entry["data"]),
    }


def _reason(error: Exception) -> str:
    error = _first_error(error)
    text = _plain_text(str(error)) or "no reason given"
    return text if isinstance(error, (ValueError, OSError, ImportError)) else _named(error, text)


def _first_error(error: Exception) -> Exception:
    """Why the module of Savu failed from which another could not import."""
    while isinstance(error, ImportError) and error.name and error.name.startswith("savu."):
        # Savu leaves what failed half imported, so only the first to import it sees why
        module = error.name
        sys.modules.pop(module, None)
        try:
            importlib.import_module(module)
            return error
        except Exception as earlier:
            error = earlier
            if isinstance(error, ImportError) and error.name == module:
                return error
    return error


def _named(error: Exception, text: str) -> str:
    return f"{type(error).__name__}: {text}"


def _plain_text(text: Any) -> str:
    return _COLOURS.sub("", str(text)).strip()


def _text(value: Any) -> str:
    return "" if value is None else _plain_text(value)


def _one_line(value: Any) -> str:
    return " ".join(_text(value).split())


def _plain(value: Any) -> Any:
    """What JSON can hold of a value: NumPy's numbers as numbers, mappings with texts for keys."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return str(value)


_CALLS: dict[str, Callable[..., Any]] = {
    "hello": hello,
    "catalogue": catalogue,
    "judge": judge,
    "refresh": refresh,
    "open": open_list,
}


def _answer(line: str) -> Told:
    number = None
    try:
        call = json.loads(line)
        number = call["id"]
        return {"id": number, "value": _plain(_CALLS[call["call"]](**call["arguments"]))}
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return {"id": number, "error": _named(error, _plain_text(error))}


def main(folders: list[str]) -> None:
    # the answers keep their own descriptor: whatever a library prints goes to standard error
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # instead of the folder of this file
    sys.path[:1] = folders
    for line in sys.stdin:
        answers.write(json.dumps(_answer(line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
