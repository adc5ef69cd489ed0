"""Prints requirements of pyproject.toml as JSON: `build`, `run`, or the name of an extra."""

import json
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10; pip, which is in every environment, carries a copy
    from pip._vendor import tomli as tomllib


def main() -> None:
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)
    groups = {
        "build": settings["build-system"]["requires"],
        "run": settings["project"]["dependencies"],
        **settings["project"]["optional-dependencies"],
    }
    print(json.dumps([line for name in sys.argv[1:] for line in groups[name]]))


if __name__ == "__main__":
    main()
