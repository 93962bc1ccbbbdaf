"""Races the families: each generates the same digits on this machine, in one run, for lesson 70.

    uv run tools/measure_race.py                                    # all, about five minutes
    uv run tools/measure_race.py --only "GAN" "image GPT, cached"    # some; printed, not written
    uv run --with keras-hub --with tensorflow-text tools/measure_race.py --kerashub
    taskset -c 0 uv run tools/measure_race.py --add "MeanFlow, 1 step" "MeanFlow, 4 steps" \
        --beside "diffusion, 8 steps" "diffusion, 20 steps" "diffusion, 50 steps"
    taskset -c 0 uv run tools/measure_race.py --writers             # those of words in colour alone

With `--kerashub` the race has KerasHub's GPT-2 of the same size too. Weights, training CPU-seconds
and parameters come from the shipped cards. The families and their ways of generating are those of
`genimg_lib.models.FAMILIES`. Writes benchmarks/race.json and benchmarks/race.png.

A race needs a machine that does nothing else. Contenders that come later can be added without a new
one: `--add` times them in turn with some of the race, in CPU time on one core, which other work
hardly disturbs. What is stored is an estimate: the speed of those in the race times the ratio that
was measured, a geometric mean. Two cores can have another ratio, so name some that do the same kind
of work. The next race of all replaces the estimate.

`--writers` times the two writers of lesson 63 in turn, in CPU time on one core: one picture, and
batches of 64. The race of all leaves what is stored of them as it is.
"""

import functools
import json
import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import _arithmetic
import numpy as np
from _shared import BENCHMARKS, chosen, command_line, mnist, read_json, write_json
from measure_words import WRITERS

from genimg_lib import evaluation, lesson, models

BATCH = 256
SAMPLES = 10_000
TARGET = BENCHMARKS / "race.json"
WRITERS_BATCH = 64


class Contender(NamedTuple):
    """A family's shipped weights, generating in one of its ways."""

    weights: str
    options: Mapping  # of `generate`
    passes: int  # network passes that must wait for each other
    # another contender that samples from the same distribution, and so has the same quality
    quality_of: str | None


def contenders() -> dict[str, Contender]:
    """Name -> contender: every registered family that ships weights, in each of its ways."""
    return {
        family.title + addition: Contender(
            family.weights,
            way.options,
            way.passes,
            None if way.quality_of is None else family.title + way.quality_of,
        )
        for family in models.FAMILIES.values()
        if family.weights is not None
        for addition, way in family.ways.items()
    }


def seconds(functions: list, repeats: int, clock=time.perf_counter) -> list[list[float]]:
    """Seconds of each function of a number, called in turn with 0, 1, ...; the first two rounds do
    not count.
    """
    times = [[] for _ in functions]
    for i in range(repeats + 2):
        for function, found in zip(functions, times, strict=True):
            start = clock()
            function(i)
            found.append(clock() - start)
    return [found[2:] for found in times]


def measure_speeds(
    runners: list, repeats: int, clock=time.perf_counter, *, batch: int = BATCH
) -> list[dict]:
    """The speed of each of `runners`, functions of a count and a seed, timed in turn."""

    def times(count: int, repeats: int) -> list[list[float]]:
        return seconds([functools.partial(run, count) for run in runners], repeats, clock)

    return [
        {
            "latency_ms_median": 1000 * statistics.median(single),
            "latency_ms_p95": 1000 * float(np.quantile(single, 0.95)),
            "images_per_second": batch / statistics.median(batches),
        }
        for single, batches in zip(
            times(1, repeats), times(batch, max(3, repeats // 6)), strict=True
        )
    ]


def runner(model, options: Mapping):
    """A function of a count and a seed that generates, the classes in turn if there are any."""

    def run(count: int, seed: int) -> None:
        labels = np.arange(count) % 10 if model.num_classes else None
        model.generate(count, labels, seed=seed, **options)

    return run


def multiply_adds(model, options: Mapping) -> int:
    """Multiply-adds of one image."""
    # XLA hides its operations
    plain = {name: value for name, value in options.items() if name != "jit_compile"}
    return _arithmetic.multiply_adds(lambda: runner(model, plain)(1, 0))


def measure_quality(model, options: dict) -> tuple[dict, dict]:
    """The score of the contender and that of real images, against 20,000 training images."""
    labels = np.arange(SAMPLES) % 10 if model.num_classes else None
    images = model.generate(SAMPLES, labels, seed=1, **options)
    ours, floor = evaluation.metrics.score(
        images,
        mnist().train_images[:20000],
        labels=labels,
        reference_labels=mnist().train_labels[:20000],
    )
    return ours._asdict(), floor._asdict()


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
        ("StatelessRandomUniformV2", "Log", "ArgMax", "_UnaryOpsComposition"), "sampling the token"
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


def profile(model, count: int) -> dict:
    """Where the time of one cached image GPT call goes: milliseconds by kind of operation, from
    TensorFlow's profiler.
    """
    labels = np.arange(count) % 10
    model.generate(count, labels, seed=0)
    wall, found = _arithmetic.operations(lambda: model.generate(count, labels, seed=1))
    spent, calls = Counter(), Counter()
    for name, milliseconds in found:
        if kind := KINDS.get(name.split(":")[-1]):
            spent[kind] += milliseconds
            calls[kind] += 1
    return {"wall_ms": wall, "milliseconds": dict(spent), "calls": dict(calls)}


def kerashub_model(network):
    """KerasHub's GPT-2 with the sizes of an image GPT's network, untrained."""
    import keras_hub

    transformer = network.transformer
    backbone = keras_hub.models.GPT2Backbone(
        vocabulary_size=network.vocabulary_size + 1,
        num_layers=transformer.depth,
        num_heads=transformer.heads,
        hidden_dim=transformer.width,
        intermediate_dim=4 * transformer.width,
        max_sequence_length=network.length + 1,
    )
    language_model = keras_hub.models.GPT2CausalLM(backbone=backbone, preprocessor=None)
    language_model.compile(sampler=keras_hub.samplers.RandomSampler())
    return language_model


def kerashub(repeats: int) -> dict:
    """KerasHub's `generate` against ours at the same size (its weights do not matter for the
    time).
    """
    import keras_hub

    network = evaluation.pretrained.load("image_gpt").network
    language_model = kerashub_model(network)

    def theirs(count):
        tokens = np.zeros((count, network.length + 1), np.int32)
        padding = np.zeros_like(tokens)
        padding[:, 0] = 1
        language_model.generate({"token_ids": tokens, "padding_mask": padding}, stop_token_ids=None)

    def ours(count, **options):
        network.draw(np.full((count, network.length), -1), seed=0, **options).numpy()

    ways = {
        "kerashub": theirs,
        "ours": ours,
        "ours_xla": lambda count: ours(count, jit_compile=True),
    }
    result = {
        "version": keras_hub.__version__,
        "parameters": language_model.backbone.count_params(),
        "our_parameters": network.count_params(),
    }
    for name, way in ways.items():
        (single,) = seconds([lambda _, way=way: way(1)], repeats)
        (batches,) = seconds([lambda _, way=way: way(BATCH)], max(3, repeats // 6))
        result[name] = {
            "latency_ms": 1000 * statistics.median(single),
            "images_per_second": BATCH / statistics.median(batches),
        }
    return result


def cached_against_uncached(repeats: int) -> dict:
    """Tokens alone, batch 64, no guidance: the gain of the cache, which a tokenizer's time would
    blur.
    """
    network = evaluation.pretrained.load("image_gpt").network
    free = np.full((64, network.length), -1)
    result = {}
    for name, function in {
        "uncached": lambda i: network.draw_uncached(free, seed=i),
        "cached": lambda i: network.draw(free, seed=i),
        "cached_xla": lambda i: network.draw(free, seed=i, jit_compile=True),
    }.items():
        (times,) = seconds([lambda i, f=function: np.asarray(f(i))], repeats)
        result[name] = 64 / statistics.median(times)
    return {f"{name}_images_per_second": value for name, value in result.items()}


def with_tokenizer(name: str, key: str) -> int:
    """A number of a card, together with that of the tokenizer that the weights need."""
    card = evaluation.pretrained.card(name)
    tokenizer = card["config"].get("tokenizer")
    return card[key] + (with_tokenizer(tokenizer, key) if tokenizer else 0)


def cost(model, contender: Contender) -> dict:
    """What training and one image take."""
    return {
        "passes": contender.passes,
        "parameters": with_tokenizer(contender.weights, "parameters"),
        "training_cpu_seconds": with_tokenizer(contender.weights, "training CPU-seconds"),
        "multiply_adds": multiply_adds(model, contender.options),
    }


def race(racing: dict[str, Contender], repeats: int) -> dict:
    """Cost, speed and quality of each contender, and the floor of the quality."""
    rows = {}
    floor = None
    for name, contender in racing.items():
        model = evaluation.pretrained.load(contender.weights)
        (speed,) = measure_speeds([runner(model, contender.options)], repeats)
        rows[name] = {**cost(model, contender), **speed}
        if contender.quality_of is None:
            rows[name]["score"], floor = measure_quality(model, contender.options)
        print(name, rows[name], flush=True)
    for name, contender in racing.items():
        if contender.quality_of in rows:
            rows[name]["score"] = rows[contender.quality_of]["score"]
    return {"rows": rows, "floor": floor}


def added(racing: dict[str, Contender], others: dict[str, Contender], rows: dict, repeats: int):
    """The rows of more contenders, timed in turn with `others`, which have their `rows`."""
    loaded = {
        name: (evaluation.pretrained.load(contender.weights), contender)
        for name, contender in {**others, **racing}.items()
    }
    runners = [runner(model, contender.options) for model, contender in loaded.values()]
    found = measure_speeds(runners, repeats, time.process_time)
    speeds = dict(zip(loaded, found, strict=True))
    for name in others:
        ratios = {key: round(rows[name][key] / value, 2) for key, value in speeds[name].items()}
        print(name, "in the race over here:", ratios, flush=True)
    more = {}
    for name in racing:
        model, contender = loaded[name]
        estimate = scaled(speeds[name], [(rows[each], speeds[each]) for each in others])
        more[name] = cost(model, contender) | estimate | {"timed_beside": list(others)}
        more[name]["score"], _ = measure_quality(model, contender.options)
        print(name, more[name], flush=True)
    return more


def race_of_writers(models: Mapping, repeats: int) -> dict:
    """Speeds of two models that draw from words, timed in turn, and the ratios of their CPU time,
    the first over the second.
    """

    def draws(model):
        return lambda count, seed: model.generate(count, "red heart", seed=seed)

    speeds = measure_speeds(
        list(map(draws, models.values())), repeats, time.process_time, batch=WRITERS_BATCH
    )
    first, second = speeds
    return {
        "rows": dict(zip(models, speeds, strict=True)),
        "batch": WRITERS_BATCH,
        "ratios": {
            "one picture": first["latency_ms_median"] / second["latency_ms_median"],
            "in batches": second["images_per_second"] / first["images_per_second"],
        },
    }


def scaled(speed: dict, pairs: list[tuple[dict, dict]]) -> dict:
    """A speed as it would be in the race; `pairs` are others' speeds in the race and beside it."""

    def factor(key: str) -> float:
        return statistics.geometric_mean(stored[key] / beside[key] for stored, beside in pairs)

    slower = factor("latency_ms_median")
    return {
        "latency_ms_median": speed["latency_ms_median"] * slower,
        "latency_ms_p95": speed["latency_ms_p95"] * slower,
        "images_per_second": speed["images_per_second"] * factor("images_per_second"),
    }


def plot(rows: dict, floor: dict) -> None:
    """Quality against throughput; the area of a circle is the time for a single image."""
    from matplotlib import pyplot as plt

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
    figure.savefig(BENCHMARKS / "race.png", dpi=120)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="run only these, and write nothing")
    parser.add_argument("--add", nargs="+", default=[], help="add these to the stored race")
    parser.add_argument("--beside", nargs="+", default=[], help="with --add: timed with these")
    parser.add_argument("--writers", action="store_true", help="time the writers of words alone")
    parser.add_argument("--kerashub", action="store_true", help="race KerasHub's generate() too")
    parser.add_argument("--repeats", type=int, default=30, help="timed calls for a single image")
    options = parser.parse_args()
    lesson.start()
    known = contenders()
    if options.writers:
        loaded = {name: evaluation.pretrained.load(name) for name in WRITERS}
        found = race_of_writers(loaded, options.repeats) | {"machine": machine()}
        write_json(TARGET, read_json(TARGET) | {"writers": found})
        print(json.dumps(found, indent=2))
        return
    if options.add:
        result = read_json(TARGET)
        names = chosen(parser, options.add, known), chosen(parser, options.beside, result["rows"])
        racing, others = ({name: known[name] for name in each} for each in names)
        result["rows"] |= added(racing, others, result["rows"], options.repeats)
        write_json(TARGET, result)
        plot(result["rows"], result["floor"])
        return
    names = chosen(parser, options.only, known)
    result = race({name: known[name] for name in names}, options.repeats)
    if options.only:
        return
    result["cache"] = cached_against_uncached(options.repeats // 3)
    image_gpt = evaluation.pretrained.load("image_gpt")
    result["profile"] = {count: profile(image_gpt, count) for count in (1, BATCH)}
    if options.kerashub:
        result["kerashub"] = kerashub(options.repeats)
    result["machine"] = machine()
    if writers := read_json(TARGET).get("writers"):
        result["writers"] = writers
    write_json(TARGET, result)
    plot(result["rows"], result["floor"])
    print(json.dumps({key: value for key, value in result.items() if key != "rows"}, indent=2))


def machine() -> str:
    """What the race ran on."""
    import tensorflow as tf

    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    return (
        f"{device}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"TensorFlow {tf.__version__}"
    )


if __name__ == "__main__":
    main()
