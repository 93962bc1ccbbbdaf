"""A lesson's kernel that is forked starts as one that is launched does."""

import json
import os
import sys
from pathlib import Path

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager
from warm_kernels import WarmKernelManager

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux are kernels forked")

LOOK = """
import json, os, sys
found = {"folder": os.getcwd(), "path": sys.path, "environment": dict(os.environ)}
found |= {"names": sorted(name for name in globals() if name[0] != "_")}
found |= {"session": os.getsid(0) == os.getpid(), "left behind": "tabnanny" in sys.modules}
found |= {"warm": {"genimg_lib.models.gan", "tensorflow"} <= set(sys.modules)}
print(json.dumps(found))
import tabnanny
left_behind = 1
"""


def seen_by_a_kernel(folder: Path) -> dict:
    kernel = nbval.kernel.RunningKernel(nbval.kernel.CURRENT_ENV_KERNEL_NAME, cwd=str(folder))
    try:
        said = []
        kernel.kc.execute_interactive(
            LOOK, output_hook=lambda message: said.append(message["content"].get("text", ""))
        )
        assert kernel.is_alive()
    finally:
        kernel.stop()
    found = json.loads("".join(said))
    found["environment"].pop("JPY_PARENT_PID", None)
    return found


def test_a_fork_starts_as_a_launched_kernel_and_knows_nothing_of_the_one_before(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("GENIMG_TEST_OF_KERNELS", "told")
    monkeypatch.setattr(nbval.kernel, "KernelManager", KernelManager)
    launched = seen_by_a_kernel(tmp_path)
    monkeypatch.setattr(nbval.kernel, "KernelManager", WarmKernelManager)
    first, second = seen_by_a_kernel(tmp_path), seen_by_a_kernel(tmp_path)
    assert first == second == launched | {"warm": True}
    assert launched["session"] and not launched["warm"] and not launched["left behind"]
    assert launched["environment"]["GENIMG_TEST_OF_KERNELS"] == "told"
    assert launched["folder"] == os.path.realpath(tmp_path)
