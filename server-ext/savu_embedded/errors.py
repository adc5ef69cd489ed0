"""Errors whose message is meant for the user, each with the exit code of the command."""

import signal


class EngineError(Exception):
    """The run failed."""

    exit_code = 1


class RefusedError(EngineError):
    """The run cannot start: the list, the scan or the output folder is not what is needed."""

    exit_code = 2


class StoppedError(EngineError):
    """Somebody asked the run to stop."""

    exit_code = 3


class SignalError(BaseException):
    """A signal asked the command to end."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(f"Ended by {self.signal.name}.")
