"""Kernels of the lessons, forked from one process that has imported what all lessons import, the
whole library included.

The imports take a kernel longer than most cells of a lesson. Here they are paid once in each
process of a test run. A fork knows what its parent has imported, and nothing of the kernels before
it.
As a program, `python tests/warm_kernels.py`, this is the process that forks.
"""

import atexit
import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import uuid
from unittest import mock

import psutil
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner


class Fork(psutil.Process):
    """As much of a `subprocess.Popen` as a provisioner needs."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        return None if self.is_running() else 0


@functools.cache
def parent() -> subprocess.Popen:
    """The process that forks; it ends when this one does, because its input does."""
    command = [sys.executable, __file__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    forking = subprocess.Popen(command, text=True, bufsize=1, **pipes)
    atexit.register(forking.communicate)
    return forking


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by a fork."""

    async def launch_kernel(self, cmd, *, cwd=None, env=None, **_):
        forking = parent()
        arguments = [*cmd[cmd.index("-f") :], f"--IPKernelApp.parent_handle={forking.pid}"]
        order = {"arguments": arguments, "cwd": cwd, "env": env}
        print(json.dumps(order), file=forking.stdin, flush=True)
        self.process = Fork(int(forking.stdout.readline()))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class WarmKernelManager(KernelManager):
    """The manager that nbval gets in place of jupyter_client's."""

    def __init__(self, **options):
        super().__init__(**options)
        self.kernel_id = str(uuid.uuid4())
        self.provisioner = WarmProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )


def become_kernel(arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    """Does what `python -m ipykernel_launcher` does, in a process group of its own."""
    from ipykernel import kernelapp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["ipykernel_launcher", *arguments]
    kernelapp.launch_new_instance()


def reap(*_) -> None:
    """Waits for the kernels that have ended: none stays a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    del sys.path[0]  # this folder
    import ipykernel.kernelapp  # noqa: F401
    import keras  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import scipy.linalg  # noqa: F401
    import tensorflow  # noqa: F401

    with mock.patch.dict(os.environ, EAGER_IMPORT="1"):  # of lazy_loader: every module, and now
        import genimg_lib  # noqa: F401

    signal.signal(signal.SIGCHLD, reap)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become_kernel(**json.loads(line))
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
