"""How many learners one machine takes: arithmetic on measured figures, every term of it shown.

The figures were measured once, with 30 simulated learners on a JupyterHub 6.1 on two cores.
"""

import os
from dataclasses import dataclass

import psutil

GB = 1000**3
MB = 1000**2

SYSTEM_GB = 1.0  # the system, the hub and the service of the class
SERVER_MB = 105  # private memory of one learner's Jupyter server
NUMPY_MB = 60  # private memory of a kernel with NumPy and a checker
TENSORFLOW_MB = 343  # private memory of a TensorFlow kernel that has sampled from a GAN
SHARED_MB = 550  # what all TensorFlow kernels share, once
FULL_LESSON_MB = 1_900  # the peak of a full run of the lesson on token models
FULL_LESSON_SECONDS = 406  # CPU-seconds of that run
SPARE = 0.8  # the share of what is free that is planned with
STARTS_PER_CORE = 2  # servers that start at the same time, per core
KERNELS_PER_LEARNER = 2  # for which a learner's limit leaves room


@dataclass(frozen=True)
class Capacity:
    """How many learners fit, by what they do; memory in bytes, and the lines that explain it."""

    cores: int
    numpy: int
    tensorflow: int
    full_lessons: int
    learner_bytes: int
    threads: int
    starts: int
    lines: tuple[str, ...]


def machine() -> tuple[int, int]:
    """(memory in bytes, cores) that this process may use, limits of a container included."""
    memory = psutil.virtual_memory().total
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path) as file:
                memory = min(memory, int(file.read()))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return memory, cores or 1


def capacity(memory: int, cores: int, learners: int = 30) -> Capacity:
    """The arithmetic for a machine of `memory` bytes and so many cores, and a class of `learners`.

    Raises ValueError for a machine without memory or cores, or a class without learners.
    """
    if min(memory, cores, learners) < 1:
        raise ValueError("memory, cores and learners are at least 1")
    usable = max(0, SPARE * (memory - SYSTEM_GB * GB))
    numpy = int(usable // ((SERVER_MB + NUMPY_MB) * MB))
    rest = max(0, usable - SHARED_MB * MB)
    tensorflow = int(rest // ((SERVER_MB + TENSORFLOW_MB) * MB))
    full = int(usable // ((SERVER_MB + FULL_LESSON_MB) * MB))
    needed = (SERVER_MB + KERNELS_PER_LEARNER * (TENSORFLOW_MB + SHARED_MB)) * MB
    threads = max(1, cores // 4)
    starts = max(2, STARTS_PER_CORE * cores)
    minutes = learners * FULL_LESSON_SECONDS / cores / 60
    lines = (
        f"memory: {SPARE:g} x ({memory / GB:.1f} GB - {SYSTEM_GB:g} GB for the system and the hub) "
        f"= {usable / GB:.1f} GB to plan with",
        f"exercises with NumPy: {usable / GB:.1f} GB / ({SERVER_MB} MB server + {NUMPY_MB} MB "
        f"kernel) = {numpy} learners",
        f"exercises with TensorFlow: ({usable / GB:.1f} GB - {SHARED_MB} MB shared) / "
        f"({SERVER_MB} MB + {TENSORFLOW_MB} MB kernel) = {tensorflow} learners",
        f"full lessons at once: {usable / GB:.1f} GB / ({SERVER_MB} MB + {FULL_LESSON_MB} MB peak) "
        f"= {full} learners",
        f"time of a full lesson for {learners}: {learners} x {FULL_LESSON_SECONDS} CPU-seconds / "
        f"{cores} cores / 60 = {minutes:.0f} minutes",
        f"limit for one learner: {SERVER_MB} MB + {KERNELS_PER_LEARNER} kernels x "
        f"({TENSORFLOW_MB} + {SHARED_MB}) MB = {needed / GB:.1f} GB, where the spawner can hold "
        "somebody to it",
        f"threads for one kernel: {threads} (a quarter of {cores} cores, at least 1)",
        f"servers that start at once: {starts}",
    )
    return Capacity(cores, numpy, tensorflow, full, needed, threads, starts, lines)


def verdict(found: Capacity, learners: int) -> str:
    """What a class of this size can do here, in one sentence."""
    if learners <= found.full_lessons and found.cores >= learners:
        return f"{learners} learners can run full lessons at once."
    if learners <= found.tensorflow:
        return (
            f"{learners} learners fit with TensorFlow exercises. Train full lessons on the "
            "teacher's machine: there are too few cores or too little memory for all at once."
        )
    if learners <= found.numpy:
        return f"{learners} learners fit with NumPy exercises, {found.tensorflow} with TensorFlow."
    return f"{learners} learners do not fit: {found.numpy} do, with NumPy exercises."
