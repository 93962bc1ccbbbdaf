"""The race of lesson 70: every family draws the same digits on this machine, in one run.

    uv run tools/race.py                                                                # all; about
    5 minutes on two cores
    uv run --with keras-hub --with tensorflow-text tools/race.py --kerashub             # and
    KerasHub's GPT-2 of the same size
    uv run tools/race.py --only "GAN" "image GPT, cached"                               # some,
    printed and not written

A new family joins by one line in `CONTENDERS`. Weights, training CPU-seconds and parameters come
from the shipped cards. Writes benchmarks/race.json and benchmarks/race.png.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from genimg_lib.notebook import lesson

lesson.start()

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.python.framework import op_callbacks  # noqa: E402
from tensorflow.tsl.profiler.protobuf import xplane_pb2  # noqa: E402

from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.evaluation import metrics, pretrained  # noqa: E402

FOLDER = Path(__file__).parents[1] / "benchmarks"
BATCH = 256
SAMPLES = 10_000


class Contender(NamedTuple):
    weights: str
    options: dict
    passes: int  # network passes that must wait for each other
    # draws from the very distribution of another contender, whose quality it shares
    quality_of: str | None = None


CONTENDERS = {
    "GAN": Contender("conditional_gan", {}, 1),
    "VAE, N(0, I)": Contender("vae", {"prior": "standard"}, 1),
    "VAE, fitted prior": Contender("vae", {"prior": "fitted"}, 1),
    "image GPT, uncached": Contender("image_gpt", {"cached": False}, 49, "image GPT, cached"),
    "image GPT, cached": Contender("image_gpt", {}, 49),
    "image GPT, cached, XLA": Contender(
        "image_gpt", {"jit_compile": True}, 49, "image GPT, cached"
    ),
    "image GPT, XLA, no guidance": Contender(
        "image_gpt", {"jit_compile": True, "guidance": 1.0}, 49
    ),
    "MaskGIT, 4 steps": Contender("maskgit", {"steps": 4}, 4),
    "MaskGIT, 8 steps": Contender("maskgit", {"steps": 8}, 8),
    "MaskGIT, 16 steps": Contender("maskgit", {"steps": 16}, 16),
    "next-scale": Contender("next_scale", {}, 4),
    "diffusion, 8 steps": Contender("diffusion", {"steps": 8}, 8),
    "diffusion, 20 steps": Contender("diffusion", {"steps": 20}, 20),
    "diffusion, 50 steps": Contender("diffusion", {"steps": 50}, 50),
}


def seconds(function, repeats: int) -> list[float]:
    """Wall seconds of `function(i)` for i = 0, 1, ..., after two calls that do not count."""
    times = []
    for i in range(-2, repeats):
        start = time.perf_counter()
        function(i + 2)
        times.append(time.perf_counter() - start)
    return times[2:]


def measure_speed(model, options: dict, repeats: int) -> dict:
    condition = 3 if model.num_classes else None
    single = seconds(lambda i: model.generate(1, condition, seed=i, **options), repeats)
    labels = np.arange(BATCH) % 10 if model.num_classes else None
    batches = seconds(
        lambda i: model.generate(BATCH, labels, seed=i, **options), max(3, repeats // 6)
    )
    return {
        "latency_ms_median": 1000 * statistics.median(single),
        "latency_ms_p95": 1000 * float(np.quantile(single, 0.95)),
        "images_per_second": BATCH / statistics.median(batches),
    }


def multiply_adds(model, options: dict) -> int:
    """Multiply-adds of one image: those of every matrix product and convolution that really
    runs, counted eagerly.
    """
    total = 0

    def count(op_type, inputs, attributes, outputs, op_name=None, graph=None):
        nonlocal total
        if graph is not None:
            return
        op_type = op_type.decode() if isinstance(op_type, bytes) else op_type
        if op_type in ("MatMul", "BatchMatMulV2", "Conv2D"):
            kernel = inputs[1].shape  # Conv2D: (height, width, in, out)
            reduced = (
                np.prod(kernel[:3])
                if op_type == "Conv2D"
                else kernel[-2]
                if not _transposed(attributes)
                else kernel[-1]
            )
            total += int(np.prod(outputs[0].shape)) * int(reduced)
        elif op_type == "Einsum":
            equation = attributes[attributes.index("equation") + 1]
            total += _einsum_size(equation, inputs)

    tf.config.run_functions_eagerly(True)
    op_callbacks.add_op_callback(count)
    try:
        # XLA hides its operations
        plain = {name: value for name, value in options.items() if name != "jit_compile"}
        model.generate(1, 3 if model.num_classes else None, seed=0, **plain)
    finally:
        op_callbacks.remove_op_callback(count)
        tf.config.run_functions_eagerly(False)
    return total


def _transposed(attributes) -> bool:
    names = ("transpose_b", "adj_y")
    return any(attributes[attributes.index(name) + 1] for name in names if name in attributes)


def _einsum_size(equation: str, inputs) -> int:
    """The product of the sizes of all indices."""
    sizes = {}
    for indices, tensor in zip(equation.split("->")[0].split(","), inputs, strict=True):
        sizes |= dict(zip(indices, tensor.shape, strict=True))
    return int(np.prod(list(sizes.values())))


def measure_quality(model, options: dict, reference, reference_labels) -> tuple[dict, dict]:
    labels = np.arange(SAMPLES) % 10 if model.num_classes else None
    images = model.generate(SAMPLES, labels, seed=1, **options)
    ours, floor = metrics.score(images, reference, labels=labels, reference_labels=reference_labels)
    return ours._asdict(), floor._asdict()


def profile(model, count: int) -> dict:
    """Where the time of one cached image GPT call goes: milliseconds by kind of operation, from
    TensorFlow's profiler.
    """
    labels = np.arange(count) % 10
    model.generate(count, labels, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        options = tf.profiler.experimental.ProfilerOptions(
            host_tracer_level=2, python_tracer_level=0
        )
        tf.profiler.experimental.start(folder, options=options)
        start = time.perf_counter()
        model.generate(count, labels, seed=1)
        wall = 1000 * (time.perf_counter() - start)
        tf.profiler.experimental.stop()
        space = xplane_pb2.XSpace()
        space.ParseFromString(next(Path(folder).rglob("*.xplane.pb")).read_bytes())
    spent = Counter()
    calls = Counter()
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                kind = KINDS.get(plane.event_metadata[event.metadata_id].name.split(":")[-1])
                if kind:
                    spent[kind] += event.duration_ps / 1e9
                    calls[kind] += 1
    return {"wall_ms": wall, "milliseconds": dict(spent), "calls": dict(calls)}


KINDS = {  # names of TensorFlow's kernels -> what they are for
    **dict.fromkeys(
        ("MatMul", "_FusedMatMul", "_MklMatMul", "_MklFusedMatMul", "_MklNativeFusedMatMul"),
        "dense layers",
    ),
    **dict.fromkeys(
        ("Einsum", "_MklEinsum", "BatchMatMulV2", "_MklBatchMatMulV2"), "attention products"
    ),
    **dict.fromkeys(("XlaDynamicUpdateSlice",), "writing the cache"),
    **dict.fromkeys(
        ("StatelessRandomUniformV2", "Log", "ArgMax", "_UnaryOpsComposition"), "drawing the token"
    ),
    **dict.fromkeys(
        ("Square", "Mean", "Rsqrt", "Exp", "Sum", "Max", "RealDiv", "AddV2", "Mul", "Sub"),
        "norms, softmax, sums",
    ),
    **dict.fromkeys(
        ("Conv2D", "_MklConv2D", "_MklNativeFusedConv2D", "_FusedConv2D", "_MklNativeConv2D"),
        "decoder convolutions",
    ),
}


def kerashub(repeats: int) -> dict:
    """KerasHub's GPT-2 with the sizes of the course's image GPT (untrained: the weights do not
    matter for the time).
    """
    import keras_hub

    network = pretrained.load("image_gpt").network
    transformer = network.transformer
    sizes = {
        "num_layers": transformer.depth,
        "num_heads": transformer.heads,
        "hidden_dim": transformer.width,
    }
    backbone = keras_hub.models.GPT2Backbone(
        vocabulary_size=network.vocabulary_size + 1,
        intermediate_dim=4 * transformer.width,
        max_sequence_length=network.length + 1,
        **sizes,
    )
    language_model = keras_hub.models.GPT2CausalLM(backbone=backbone, preprocessor=None)
    language_model.compile(sampler=keras_hub.samplers.RandomSampler())

    def draw(count):
        tokens = np.zeros((count, network.length + 1), np.int32)
        padding = np.zeros_like(tokens)
        padding[:, 0] = 1
        language_model.generate({"token_ids": tokens, "padding_mask": padding}, stop_token_ids=None)

    def ours(count, **options):
        network.draw(np.full((count, network.length), -1), seed=0, **options).numpy()

    result = {
        "version": keras_hub.__version__,
        "parameters": backbone.count_params(),
        "our_parameters": network.count_params(),
    }
    for name, function in {
        "kerashub": draw,
        "ours": ours,
        "ours_xla": lambda count: ours(count, jit_compile=True),
    }.items():
        result[name] = {
            "latency_ms": 1000 * statistics.median(seconds(lambda _, f=function: f(1), repeats)),
            "images_per_second": BATCH
            / statistics.median(seconds(lambda _, f=function: f(BATCH), max(3, repeats // 6))),
        }
    return result


def cached_against_uncached(repeats: int) -> dict:
    """Tokens alone, batch 64, no guidance: the gain of the cache, which a tokenizer's time would
    blur.
    """
    network = pretrained.load("image_gpt").network
    free = np.full((64, network.length), -1)
    result = {}
    for name, function in {
        "uncached": lambda i: network.draw_uncached(free, seed=i),
        "cached": lambda i: network.draw(free, seed=i),
        "cached_xla": lambda i: network.draw(free, seed=i, jit_compile=True),
    }.items():
        result[name] = 64 / statistics.median(
            seconds(lambda i, f=function: np.asarray(f(i)), repeats)
        )
    return {f"{name}_images_per_second": value for name, value in result.items()}


def training_seconds(name: str) -> int:
    card = pretrained.card(name)
    tokenizer = card["config"].get("tokenizer")
    return card["training CPU-seconds"] + (training_seconds(tokenizer) if tokenizer else 0)


def parameters(name: str) -> int:
    card = pretrained.card(name)
    tokenizer = card["config"].get("tokenizer")
    return card["parameters"] + (parameters(tokenizer) if tokenizer else 0)


def race(names, repeats: int) -> dict:
    (reference, reference_labels), _ = load_mnist()
    reference = reference[:20000]
    reference_labels = reference_labels[:20000]
    rows = {}
    floor = None
    for name in names:
        contender = CONTENDERS[name]
        model = pretrained.load(contender.weights)
        rows[name] = {
            "passes": contender.passes,
            "parameters": parameters(contender.weights),
            "training_cpu_seconds": training_seconds(contender.weights),
            "multiply_adds": multiply_adds(model, contender.options),
            **measure_speed(model, contender.options, repeats),
        }
        if contender.quality_of is None:
            rows[name]["score"], floor = measure_quality(
                model, contender.options, reference, reference_labels
            )
        print(name, rows[name], flush=True)
    for name in names:
        shared = CONTENDERS[name].quality_of
        if shared in rows:
            rows[name]["score"] = rows[shared]["score"]
    return {"rows": rows, "floor": floor}


def plot(rows: dict, floor: dict) -> None:
    """Quality against throughput; the area of a circle is the time for a single image."""
    figure, axis = plt.subplots(figsize=(9, 4.5), layout="constrained")
    shown = sorted(
        (item for item in rows.items() if "score" in item[1]),
        key=lambda item: item[1]["images_per_second"],
    )
    for i, (name, row) in enumerate(shown):
        x = row["images_per_second"]
        y = row["score"]["fid"]
        axis.scatter(
            x,
            y,
            s=4 * row["latency_ms_median"] + 10,
            color=plt.cm.viridis(i / len(shown)),
            alpha=0.7,
        )
        axis.annotate(str(i + 1), (x, y), textcoords="offset points", xytext=(9, 4), fontsize=9)
        axis.scatter([], [], marker=f"${i + 1}$", color="black", label=name)
    axis.axhline(floor["fid"], color="grey", linestyle=":", label="real against real")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=9)
    axis.set(
        xscale="log",
        yscale="log",
        xlabel=f"images per second, batch {BATCH}",
        ylabel=f"FID, {SAMPLES:,} samples",
    )
    axis.set_title("Quality against speed on one machine; area: milliseconds for a single image")
    axis.grid(alpha=0.3)
    figure.savefig(FOLDER / "race.png", dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=CONTENDERS, help="run only these, and write nothing"
    )
    parser.add_argument("--kerashub", action="store_true", help="race KerasHub's generate() too")
    parser.add_argument("--repeats", type=int, default=30, help="timed calls for a single image")
    options = parser.parse_args()
    result = race(options.only or list(CONTENDERS), options.repeats)
    if options.only:
        return
    result["cache"] = cached_against_uncached(options.repeats // 3)
    result["profile"] = {
        count: profile(pretrained.load("image_gpt"), count) for count in (1, BATCH)
    }
    if options.kerashub:
        result["kerashub"] = kerashub(options.repeats)
    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    result["machine"] = (
        f"{device}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, TensorFlow "
        f"{tf.__version__}"
    )
    (FOLDER / "race.json").write_text(json.dumps(result, indent=2) + "\n")
    plot(result["rows"], result["floor"])
    print(json.dumps({key: value for key, value in result.items() if key != "rows"}, indent=2))


if __name__ == "__main__":
    main()
