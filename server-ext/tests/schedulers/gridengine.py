"""Grid Engine on this machine: real daemons, in a cell of their own."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

from daemons import end, free_ports, run, until

_LIBRARY = "/usr/lib/gridengine"
_SHARED = Path("/usr/share/gridengine")
_BOOTSTRAP = """\
admin_user none
default_domain none
ignore_fqdn true
spooling_method classic
spooling_lib libspoolc
spooling_params {spooling}
binary_path /usr/sbin
qmaster_spool_dir {folder}/spool/qmaster
security_mode none
listener_threads 2
worker_threads 2
scheduler_threads 1
"""
_HOST = """\
hostname {host}
load_scaling NONE
complex_values NONE
user_lists NONE
xuser_lists NONE
projects NONE
xprojects NONE
usage_scaling NONE
report_variables NONE
"""
_PARALLEL = """\
pe_name smp
slots 999
user_lists NONE
xuser_lists NONE
start_proc_args NONE
stop_proc_args NONE
allocation_rule $pe_slots
control_slaves FALSE
job_is_first_task TRUE
urgency_slots min
accounting_summary FALSE
qsort_args NONE
"""


class GridEngine:
    """Started by `start`, ended by `stop`; `environment` is what its commands need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = socket.gethostname()
        self._master = folder / "spool" / "qmaster" / "qmaster.pid"
        master, execution = free_ports(2)
        self.environment = {
            "SGE_ROOT": str(folder),
            "SGE_CELL": "default",
            "SGE_QMASTER_PORT": str(master),
            "SGE_EXECD_PORT": str(execution),
        }

    def start(self) -> None:
        self._spool()
        self.start_master()
        self._configure("-Ae", "host", _HOST.format(host=self.host))
        until(
            lambda: self.host in self.ask("qconf", "-as", self.host, check=False) or self._submits()
        )
        self._configure("-Ap", "smp", _PARALLEL)
        for name, limit in (("preview", "0:2:0"), ("full", "24:0:0")):
            self._configure("-Aq", name, self._queue(name, limit))
        self._configure(
            "-Msconf",
            "schedule",
            self._changed(
                "-ssconf", schedule_interval="0:0:1", flush_submit_sec="1", flush_finish_sec="1"
            ),
        )
        run(["sge_execd"], self.environment)
        until(lambda: "G" in self.ask("qhost", "-h", self.host).splitlines()[-1], what="load")

    def stop(self) -> None:
        self.ask("qdel", "-u", "*", check=False)
        end(*(self.folder / "spool").rglob("*.pid"), how=signal.SIGKILL)

    def start_master(self) -> None:
        run(["sge_qmaster"], self.environment)
        until(lambda: self.host in self.ask("qconf", "-sh", check=False))

    def stop_master(self) -> None:
        end(self._master)

    def ask(self, *command: str, check: bool = True) -> str:
        """What one of Grid Engine's commands prints."""
        return run(command, self.environment, check)

    def submit(self, script: str, *options: str) -> str:
        """The number of a job that is none of ours."""
        return run(["qsub", "-terse", *options], self.environment, text=script).strip()

    def _submits(self) -> bool:
        return self.host in self.ask("qconf", "-ss", check=False)

    def _spool(self) -> None:
        common = self.folder / "default" / "common"
        for path in (common, *(self.folder / "spool" / name for name in ("qmaster", "execd"))):
            path.mkdir(parents=True)
        self.folder.chmod(0o755)
        for name in ("bin", "lib", "util", "utilbin"):
            (self.folder / name).symlink_to(Path("/var/lib/gridengine", name).resolve())
        spooling = f"{common};{self.folder}/spool/qmaster"
        (common / "bootstrap").write_text(_BOOTSTRAP.format(folder=self.folder, spooling=spooling))
        (common / "act_qmaster").write_text(f"{self.host}\n")
        # where the name of the machine is an address of the loopback interface
        (common / "host_aliases").write_text(f"{self.host} localhost\n")
        configuration = _edited(
            (_SHARED / "default-configuration").read_text(),
            execd_spool_dir=f"{self.folder}/spool/execd",
            min_uid="0",
            min_gid="0",
            load_report_time="00:00:01",
            reporting_params="accounting=true reporting=false flush_time=00:00:01 joblog=false "
            "sharelog=00:00:00 accounting_flush_time=00:00:00",
            execd_params="INHERIT_ENV=false",
        )
        (self.folder / "global.conf").write_text(configuration)
        commands = [
            ["spoolinit", "classic", "libspoolc", spooling, "init"],
            ["spooldefaults", "configuration", str(self.folder / "global.conf")],
            ["spooldefaults", "complexes", str(_SHARED / "util/resources/centry")],
            ["spooldefaults", "usersets", str(_SHARED / "util/resources/usersets")],
            ["spooldefaults", "managers", "root"],
        ]
        for tool, *arguments in commands:
            run([f"{_LIBRARY}/{tool}", *arguments], self.environment)

    def _queue(self, name: str, limit: str) -> str:
        return self._changed(
            "-sq",
            qname=name,
            hostlist=self.host,
            pe_list="smp",
            slots="4",
            shell="/bin/bash",
            shell_start_mode="unix_behavior",
            load_thresholds="NONE",
            h_rt=limit,
        )

    def _changed(self, which: str, **values: str) -> str:
        return _edited(self.ask("qconf", which), **values)

    def _configure(self, how: str, name: str, text: str) -> None:
        file = self.folder / f"{name}.txt"
        file.write_text(text)
        self.ask("qconf", how, str(file))


def _edited(text: str, **values: str) -> str:
    """A table of names and values with some of the values replaced."""
    lines = []
    for line in text.splitlines():
        name = line.split(None, 1)[0] if line.strip() else ""
        lines.append(f"{name} {values[name]}" if name in values else line)
    return "\n".join(lines) + "\n"
