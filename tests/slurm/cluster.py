"""A Slurm cluster of two nodes on this machine: its own munged, slurmctld and slurmd, no systemd.

Memory is watched as on most clusters: a job that takes more than it asked for is killed. Without
accounting, as on a small cluster: `squeue` tells how jobs end.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

NODES = ("node1", "node2")

_CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
SlurmdSpoolDir={folder}/spool/%n
StateSaveLocation={folder}/state
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MinJobAge=3600
SlurmdParameters=config_overrides
{nodes}
PartitionName=standard Nodes=ALL Default=YES MaxTime=60 State=UP
"""


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Run a cluster; within, Slurm's commands are about it.

    Args:
        folder: of a short path, for the socket's sake; for its files.
    """
    for part in ("state", "spool"):
        (folder / part).mkdir(parents=True)
    configuration = folder / "slurm.conf"
    configuration.write_text(_configuration(folder))
    os.environ["SLURM_CONF"] = str(configuration)
    daemons = [_munged(folder)]
    daemons += [
        subprocess.Popen([_daemon(name), "-D", *arguments], stderr=subprocess.DEVNULL)
        for name, *arguments in (("slurmctld", "-i"), *(("slurmd", "-N", node) for node in NODES))
    ]
    try:
        _wait_for(lambda: slurm("sinfo", "-h", "-N", "-o", "%T").split() == ["idle"] * len(NODES))
        yield
    finally:
        subprocess.run(["scancel", "--user", "root"], check=False)
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()
        del os.environ["SLURM_CONF"]


def slurm(*command: str) -> str:
    """What a command of Slurm says; nothing while the controller does not answer."""
    return subprocess.run(command, capture_output=True, text=True).stdout
