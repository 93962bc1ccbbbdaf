"""The examples for Slurm and Kubernetes in docs/cluster, as far as they can be checked without
either: each process is started with the right addresses and the right number.
"""

import importlib.util
import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "cluster"
# Stand-ins: two nodes whose names are not in the order of the alphabet, and all tasks in turn.
SCONTROL = """#!/bin/bash
[[ "$*" == "show hostnames node[9-10]" ]] && printf 'node9\\nnode10\\n'
"""
SRUN = """#!/bin/bash
while [[ "$1" == --* ]]; do shift; done
for ((rank = 0; rank < 4; rank++)); do echo "$rank $*"; done
"""


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("cluster_train", FOLDER / "train.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_slurm_starts_every_process_with_the_addresses_in_the_order_of_their_numbers(tmp_path):
    for name, text in {"scontrol": SCONTROL, "srun": SRUN}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    slurm = {"JOB_ID": "30007", "JOB_NODELIST": "node[9-10]", "NTASKS_PER_NODE": "2"}
    slurm["CPUS_PER_TASK"] = "8"
    environment = os.environ | {f"SLURM_{name}": value for name, value in slurm.items()}
    environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    script = ["bash", FOLDER / "train.slurm", "my pictures", "to", "--size", "64"]
    result = subprocess.run(script, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    command = (
        ".venv/bin/python docs/cluster/train.py my pictures to --size 64 "
        "--workers node9:20007 node9:20008 node10:20007 node10:20008"
    )
    assert result.stdout.splitlines() == [f"{rank} {command}" for rank in range(4)]


def test_the_kubernetes_job_names_its_own_pods():
    """A pod of an Indexed Job is called JOB-INDEX.SUBDOMAIN, where a headless service of the name
    of the subdomain selects it.
    """
    service, job = yaml.safe_load_all((FOLDER / "job.yaml").read_text(encoding="utf-8"))
    spec = job["spec"]
    pod = spec["template"]["spec"]
    (worker,) = pod["containers"]
    (port,) = worker["ports"]
    assert spec["completionMode"] == "Indexed"
    assert spec["completions"] == spec["parallelism"]  # all have to be there at once
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["selector"] == {"job-name": job["metadata"]["name"]}
    assert pod["subdomain"] == service["metadata"]["name"]
    assert worker["args"] == [
        "--workers",
        *(
            f"{job['metadata']['name']}-{index}.{pod['subdomain']}:{port['containerPort']}"
            for index in range(spec["completions"])
        ),
    ]
    # where the Dockerfile puts it
    assert (ROOT / Path(worker["command"][1]).relative_to("/srv/genimg")).samefile(
        FOLDER / "train.py"
    )


def test_tensorflow_is_told_all_addresses_and_its_own_number(program, monkeypatch):
    config = json.loads(program.tf_config(["a:1", "b:2"], 1))
    assert config["cluster"] == {"worker": ["a:1", "b:2"]}
    assert config["task"] == {"type": "worker", "index": 1}
    with pytest.raises(ValueError, match="there are 2 workers, and none has the index 2"):
        program.tf_config(["a:1", "b:2"], 2)
    for name in program.INDEX_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert program.index_of_environment() is None
    for name in program.INDEX_VARIABLES:
        monkeypatch.setenv(name, "3")
        assert program.index_of_environment() == 3
        monkeypatch.delenv(name)
