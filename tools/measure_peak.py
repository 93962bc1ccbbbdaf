"""Measures how much of this machine's matrix-product peak every family reaches.

    taskset -c 1 uv run tools/measure_peak.py                   # all, three CPU-minutes
    taskset -c 1 uv run tools/measure_peak.py --only gan vae      # some; printed, not written

The peak is the speed of a product of two float32 matrices of 1,024 rows and columns on one thread.
A family's step is one training step at the batch size of its `fit`, or one call of `generate` for
one image or for 256, in each way that makes images of its own, from the shipped weights. Its share
of the peak is its multiply-adds a second over those of the product. Both are timed in turn, in CPU
time of one thread, and the share is the median of the ratios: other work slows both.

Multiply-adds are those of products and convolutions. A norm, a softmax or an optimizer has none, so
100 % is out of reach by design. The GAN's step is one without the penalty, which every eighth has.
MeanFlow's derivative along the path is not counted: it is less than a tenth of its training step.
Writes benchmarks/peak.json and, the same as a page, benchmarks/peak.md.
"""

import inspect
import os
import platform
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable

import _arithmetic
import measure_race
import numpy as np
from _shared import BENCHMARKS, chosen, command_line, mnist, write_json

from genimg_lib import evaluation, lesson, models

SIDE = 1024
COUNTS = (1, measure_race.BATCH)
ROUNDS = 5
UNREACHED = 10**9  # steps
PROFILED = 9  # steps
SHORTEST = 0.05  # seconds that a timing lasts at least
PRODUCTS = ("MatMul", "Conv2D", "Einsum")  # parts of the names of TensorFlow's kernels
CALLS = ("While", "PartitionedCall")  # what contains other operations


def on_one_thread() -> None:
    """Before TensorFlow begins: later it refuses."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def product() -> Callable:
    """Multiplies two square matrices of `SIDE` rows."""
    import tensorflow as tf

    factors = tf.random.stateless_normal((2, SIDE, SIDE), seed=(0, 0))
    return lambda: tf.linalg.matmul(factors[0], factors[1])


def speeds(functions: dict[Callable, int], rounds: int, clock=time.process_time) -> list[list]:
    """Multiply-adds a second of each function, which has so many of them, in every round; the
    functions are called in turn.
    """
    calls = {}
    for function in functions:
        function()  # traced and compiled here
        start = clock()
        function()
        calls[function] = int(np.ceil(SHORTEST / max(clock() - start, 1e-6)))
    found = [[] for _ in functions]
    for _ in range(rounds):
        for (function, size), times in zip(functions.items(), found, strict=True):
            start = clock()
            for _ in range(calls[function]):
                function()
            times.append(size * calls[function] / (clock() - start))
    return found


def share(function: Callable, size: int, rounds: int = ROUNDS) -> dict:
    """What share of the peak the function reaches with its multiply-adds: the median and the
    extremes over the rounds; and the peak of these rounds in multiply-adds a second.
    """
    reached, peaks = speeds({function: size, product(): SIDE**3}, rounds)
    ratios = [own / peak for own, peak in zip(reached, peaks, strict=True)]
    return {
        "multiply_adds": size,
        "share": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "peak": statistics.median(peaks),
    }


def batch_of(model) -> tuple:
    """A batch for `train_step`, as large as those of the model's `fit`."""
    import tensorflow as tf

    size = inspect.signature(model.fit).parameters["batch_size"].default
    size = size or models.base.TRAINING_BATCH
    images, labels = mnist().train_images[:size], mnist().train_labels[:size]
    images, labels = model.check_inputs(images, labels if model.num_classes else None)
    return tf.constant(model.prepare(images)), tf.constant(labels)


def training(model) -> dict:
    """The share of one training step, and where its time goes."""
    import tensorflow as tf

    model.compile()
    if isinstance(model, models.GAN):
        model.penalty_every = UNREACHED  # it stands in a branch, whose products are not counted
    batch = batch_of(model)
    step = tf.function(model.train_step, autograph=False)
    size = _arithmetic.multiply_adds_of_graph(step.get_concrete_function(batch))

    def run() -> None:
        float(next(iter(step(batch).values())))

    return {"batch": len(batch[0]), **share(run, size), "time": time_by_kind(run)}


def generating(model, options) -> dict:
    """The share of `generate` for one image and for many."""
    size = measure_race.multiply_adds(model, options)
    run = measure_race.runner(model, options)
    return {str(count): share(lambda count=count: run(count, 0), count * size) for count in COUNTS}


def time_by_kind(step: Callable) -> dict:
    """Of the time inside operations, the shares of products and convolutions and of the three other
    kinds that take longest.

    The profile knows only time on the clock, and an operation that has to wait for other work takes
    longer. So each counts with its median over `PROFILED` steps.
    """
    _, events = _arithmetic.operations(lambda: [step() for _ in range(PROFILED)])
    found = defaultdict(list)
    for name, milliseconds in events:
        if is_operation(name.split(":")[-1]):
            found[name].append(milliseconds)
    spent = Counter()
    for name, milliseconds in found.items():
        kind = name.split(":")[-1]
        kind = "products" if any(part in kind for part in PRODUCTS) else kind
        spent[kind] += statistics.median(milliseconds) * len(milliseconds)
    products = spent.pop("products", 0.0)
    total = products + spent.total()
    return {
        "products": products / total,
        "largest": {kind: part / total for kind, part in spent.most_common(3)},
    }


def is_operation(name: str) -> bool:
    """Whether a name in a profile is that of a kernel, public or one of TensorFlow's own such as
    `_MklSwish`, which contains no others.
    """
    import tensorflow as tf

    own = name.startswith("Xla") or (name.startswith("_") and name[1:2].isupper())
    return (own or hasattr(tf.raw_ops, name)) and not name.endswith(CALLS)


def page(result: dict) -> str:
    """The shares as Markdown."""
    rows = {models.FAMILIES[name].title: row for name, row in result["rows"].items()}
    steps = {title: row["training"] for title, row in rows.items()}
    calls = {
        (way, count): found
        for row in rows.values()
        for way, counts in row["generating"].items()
        for count, found in counts.items()
    }
    many = {way: found for (way, count), found in calls.items() if count != "1"}
    peak = 2 * statistics.median(found["peak"] for found in steps.values()) / 1e9
    slowest_step, slowest_call = (
        min(each, key=lambda name: each[name]["share"]) for each in (steps, many)
    )
    lines = [
        "# How much of the peak every family reaches",
        "",
        "Written by `uv run tools/measure_peak.py`; do not edit. The peak is a product of two "
        f"float32 matrices of {SIDE:,} rows on one thread, {peak:.0f} GFLOP/s ({result['machine']})"
        ". A share is the family's multiply-adds a second over those of the product, both timed in "
        f"turn in CPU time: the median of {ROUNDS} rounds, with the lowest and the highest.",
        "",
        f"The training step with the smallest share is that of {slowest_step}; the call for "
        f"{COUNTS[1]} images with the smallest share is that of {slowest_call}. "
        "[Lesson 70](../notebooks/70_speed.ipynb), section 5, says what a call waits for.",
        "",
        "## One training step",
        "",
        "The last two columns are shares of the time inside operations, from TensorFlow's profile: "
        "that of products and convolutions, and the two other kinds that take longest.",
        "",
        "| | batch | multiply-adds, millions | share of the peak | products | largest others |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {title} | {found['batch']} | {cells(found)} | {parts(found['time'])} |"
        for title, found in steps.items()
    ]
    lines += [
        "",
        "## One call of `generate`",
        "",
        "| | images | multiply-adds, millions | share of the peak |",
        "|---|---|---|---|",
    ]
    lines += [f"| {way} | {count} | {cells(found)} |" for (way, count), found in calls.items()]
    return "\n".join(lines) + "\n"


def cells(found: dict) -> str:
    """The cells of a row that training and generating have in common."""
    share, lowest, highest = (f"{100 * found[key]:.1f}" for key in ("share", "lowest", "highest"))
    return f"{found['multiply_adds'] / 1e6:,.1f} | {share} % ({lowest} to {highest})"


def parts(spent: dict) -> str:
    """The cells that say where the time of a step goes."""
    two = list(spent["largest"].items())[:2]
    others = ", ".join(f"{kind} {100 * part:.0f} %" for kind, part in two)
    return f"{100 * spent['products']:.0f} % | {others}"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="only these, and write nothing")
    options = parser.parse_args()
    names = chosen(parser, options.only, models.FAMILIES)
    on_one_thread()
    lesson.start()
    rows = {}
    for name in names:
        family = models.FAMILIES[name]
        model = evaluation.pretrained.load(family.weights)
        ways = {
            family.title + addition: generating(model, way.options)
            for addition, way in family.ways.items()
            if way.quality_of is None
        }
        rows[name] = {"training": training(model), "generating": ways}
        print(name, rows[name], flush=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    result = {"machine": machine, "rows": rows}
    if options.only:
        print(page(result))
        return
    write_json(BENCHMARKS / "peak.json", result)
    (BENCHMARKS / "peak.md").write_text(page(result))


if __name__ == "__main__":
    main()
