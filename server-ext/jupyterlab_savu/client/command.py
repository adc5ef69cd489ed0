"""The command line: `jupyter savu COMMAND …`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from jupyterlab_savu.client import (
    doctor_command,
    edit_command,
    files_command,
    jobs_command,
    judge_command,
    plugins_command,
    template_command,
)
from jupyterlab_savu.client.connection import SavuError
from jupyterlab_savu.faults import Fault
from savu_core.files import ChangedOnDisk
from savu_core.model import ProcessListError
from savu_core.positions import OperationError
from savu_core.scans import ScanError

#: As a shell reports a command that was ended by Ctrl+C.
_INTERRUPTED = 130
_TOLD = (Fault, ProcessListError, OperationError, ChangedOnDisk, ScanError, SavuError, OSError)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; errors are one line on standard error, and exit code 2.

    A command that judges answers 1 when it finds something, and one that is interrupted 130.
    """
    parser = argparse.ArgumentParser(prog="jupyter savu", description="Savu in JupyterLab")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    files_command.add_to(commands)
    edit_command.add_to(commands)
    judge_command.add_to(commands)
    template_command.add_to(commands)
    plugins_command.add_to(commands)
    jobs_command.add_to(commands)
    doctor_command.add_to(commands)
    arguments = parser.parse_args(argv)
    try:
        code: int | None = arguments.run(arguments)
    except _TOLD as error:
        print(f"jupyter savu: {_in_words(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        # whoever waits for a job or reads its log ends that, not the job
        return _INTERRUPTED
    return code or 0


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
