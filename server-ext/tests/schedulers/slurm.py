"""A Slurm cluster of three nodes on this machine: real daemons, in a folder of their own."""

from __future__ import annotations

import secrets
import signal
import socket
from pathlib import Path

from daemons import end, free_ports, run, until

NODES = ("n1", "n2", "n3")

_SLURM_CONF = """\
ClusterName=savutest
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/{track}
TaskPlugin=task/{task}
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams={limit}
SwitchType=switch/none
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_min_interval=50000,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=128
PrivateData=jobs
MaxArraySize=10001
MaxJobCount=20000
MinJobAge=300
MessageTimeout=5
KillWait=2
OverTimeLimit=0
JobRequeue=0
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/completed
AccountingStorageType=accounting_storage/none
{nodes}
PartitionName=preview Nodes=ALL MaxTime=00:02:00 DefaultTime=00:01:00 PriorityTier=10 State=UP
PartitionName=full Nodes=ALL Default=YES MaxTime=1-00:00:00 DefaultTime=01:00:00 State=UP
"""
_CGROUP_CONF = """\
CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainRAMSpace=yes
"""


class Slurm:
    """Started by `start`, ended by `stop`; `environment` is what its commands need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        # with these controllers Slurm limits memory; otherwise it only counts it
        self.limits_memory = Path("/sys/fs/cgroup/memory").is_dir()

    def start(self) -> None:
        for name in ("munge", "state"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        (self.folder / "munge").chmod(0o711)
        key = self.folder / "munge" / "key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o400)
        (self.folder / "completed").touch(0o644)
        self._configure()
        self._start_munge()
        self.start_controller()
        for node in NODES:
            (self.folder / f"spool-{node}").mkdir()
            run(["slurmd", "-N", node], self.environment)
        until(lambda: self.ask("sinfo", "-h", "-p", "full", "-t", "idle", "-o", "%D") == "3\n")

    def stop(self) -> None:
        self.ask("scancel", "--me", check=False)
        until(lambda: not self.ask("squeue", "-h", check=False), what="the end of all jobs")
        names = ["slurmctld.pid", "munge/pid", *(f"slurmd-{node}.pid" for node in NODES)]
        # nothing of their state is needed again
        end(*(self.folder / name for name in names), how=signal.SIGKILL)

    def start_controller(self) -> None:
        run(["slurmctld"], self.environment)
        until(lambda: "is UP" in self.ask("scontrol", "ping", check=False))

    def stop_controller(self) -> None:
        end(self.folder / "slurmctld.pid")

    def ask(self, *command: str, check: bool = True) -> str:
        """What one of Slurm's commands prints."""
        return run(command, self.environment, check)

    def submit(self, script: str, *options: str) -> str:
        """The number of a job that is none of ours."""
        return run(["sbatch", "--parsable", *options], self.environment, text=script).strip()

    def _configure(self) -> None:
        ports = free_ports(1 + len(NODES))
        host = socket.gethostname().partition(".")[0]
        nodes = "\n".join(
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} "
            "CPUs=4 RealMemory=4000 State=UNKNOWN"
            for node, port in zip(NODES, ports[1:], strict=True)
        )
        track, task = ("cgroup", "cgroup") if self.limits_memory else ("linuxproc", "none")
        # without a control group, Slurm ends what it finds above its limit
        limit = "NoShared" if self.limits_memory else "OverMemoryKill"
        (self.folder / "slurm.conf").write_text(
            _SLURM_CONF.format(
                host=host,
                port=ports[0],
                folder=self.folder,
                nodes=nodes,
                track=track,
                task=task,
                limit=limit,
            )
        )
        cgroup = _CGROUP_CONF if self.limits_memory else "CgroupAutomount=no\n"
        (self.folder / "cgroup.conf").write_text(cgroup)

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        run(
            [
                "munged",
                "--force",
                f"--key-file={folder}/key",
                f"--socket={folder}/socket",
                f"--pid-file={folder}/pid",
                f"--log-file={folder}/log",
                f"--seed-file={folder}/seed",
            ]
        )
