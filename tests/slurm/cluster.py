"""A Slurm cluster of two nodes on this machine: its own munged, slurmctld and slurmd, no systemd.

As on most clusters, a job that takes more memory than it asked for is killed. Each node has a cache
of its own. There is no accounting: `squeue` tells how jobs ended.
"""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

NODES = ("node1", "node2")

_CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
SlurmdSpoolDir={folder}/spool/%n
StateSaveLocation={folder}/state
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
TaskProlog={folder}/task_prolog
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MinJobAge=3600
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 RealMemory={memory}
NodeName=node2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 RealMemory={memory}
PartitionName=standard Nodes=ALL Default=YES MaxTime=UNLIMITED State=UP
"""

# The cache of a node, as a site would set it.
_TASK_PROLOG = "echo export XDG_CACHE_HOME={folder}/cache/$SLURMD_NODENAME"

# The plugin keeps SLURM_CONF from srun, so that a cluster elsewhere than in /etc needs this.
_SRUN = 'SLURM_CONF={folder}/slurm.conf exec {srun} "$@"'


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Run a cluster; within, Slurm's commands are about it.

    Args:
        folder: for its files; its path is at most 90 characters long, as a socket stands in it.
    """
    _write_files(folder)
    before = {name: os.environ.get(name, "") for name in ("PATH", "SLURM_CONF")}
    os.environ |= {
        "PATH": f"{folder}/bin:{before['PATH']}",
        "SLURM_CONF": f"{folder}/slurm.conf",
    }
    daemons = []
    try:
        daemons.append(subprocess.Popen(_munged(folder), stderr=subprocess.DEVNULL))
        wait_for(lambda: (folder / "munge.socket").exists())
        daemons.append(subprocess.Popen(["slurmctld", "-D", "-i"], stderr=subprocess.DEVNULL))
        daemons += [
            subprocess.Popen(["slurmd", "-D", "-N", node], stderr=subprocess.DEVNULL)
            for node in NODES
        ]
        wait_for(lambda: slurm("sinfo", "-h", "-N", "-o", "%T").split() == ["idle"] * len(NODES))
        yield
    finally:
        slurm("scancel", f"--user={getpass.getuser()}")
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()
        os.environ |= before


def slurm(*command: str) -> str:
    """What a command of Slurm says; nothing if it fails."""
    return subprocess.run(command, capture_output=True, text=True).stdout


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is true.

    Raises:
        TimeoutError: it does not become true in this time.
    """
    last = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > last:
            raise TimeoutError(f"waited for {seconds:.0f} s in vain")
        time.sleep(0.2)


def _write_files(folder: Path) -> None:
    for part in ("bin", "state", "spool"):
        (folder / part).mkdir(parents=True)
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    words = {
        "folder": folder,
        "user": getpass.getuser(),
        "host": socket.gethostname(),
        "ports": _free_ports(3),
        "memory": psutil.virtual_memory().total // 2**20 // len(NODES),
        "srun": slurm("which", "srun").strip(),
    }
    (folder / "slurm.conf").write_text(_CONFIGURATION.format(**words))
    for path, text in ((folder / "task_prolog", _TASK_PROLOG), (folder / "bin/srun", _SRUN)):
        path.write_text(f"#!/bin/sh\n{text.format(**words)}\n")
        path.chmod(0o755)


def _munged(folder: Path) -> list[str]:
    files = {
        "key-file": "munge.key",
        "socket": "munge.socket",
        "pid-file": "munge.pid",
        "log-file": "munge.log",
        "seed-file": "munge.seed",
    }
    options = [f"--{option}={folder / name}" for option, name in files.items()]
    return ["munged", "--foreground", "--force", *options]


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            with suppress(OSError):
                one.close()
