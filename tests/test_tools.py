"""The authors' tools: named by one scheme, documented, quick to explain themselves, and never
mentioned where they are not.
"""

import ast
import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from authors_tools import tool
from PIL import Image

from genimg_lib import models
from genimg_lib.evaluation import pretrained
from genimg_lib.models.families import Way

ROOT = Path(__file__).parents[1]
TOOLS = sorted(path for path in (ROOT / "tools").glob("*.py") if not path.name.startswith("_"))
TEXT = {".py", ".md", ".ipynb", ".json", ".toml", ".yml", ".yaml", ".cff", ""}

each_tool = pytest.mark.parametrize("path", TOOLS, ids=[path.stem for path in TOOLS])


@pytest.fixture(scope="module")
def shared():
    return tool("_shared")


# --- every tool -----------------------------------------------------------------------------------


@each_tool
def test_a_tool_is_named_by_what_it_does(path):
    assert re.fullmatch(r"(train|measure|draw|build|record)_[a-z_]+", path.stem)


@each_tool
def test_a_tool_says_what_it_does_and_how_to_call_it(path):
    documentation = ast.get_docstring(ast.parse(path.read_text()))
    first, *examples = documentation.split("\n\n")
    assert re.fullmatch(r"[A-Z][^\n]+\.", first)
    assert f"tools/{path.name}" in examples[0]


EXPLAIN = """
import contextlib, io, json, runpy, sys, traceback
for path in sys.argv[1:]:
    sys.argv = [path, "--help"]
    printed, warned, code = io.StringIO(), io.StringIO(), "it did not end"
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            code = end.code
        except Exception:
            code = traceback.format_exc()
    imported = sorted({"tensorflow", "keras"} & sys.modules.keys())
    print(json.dumps([code, printed.getvalue(), warned.getvalue(), imported]))
"""


@pytest.fixture(scope="module")
def explained():
    """Tool -> how `--help` ended, what it printed, what it warned of, what was imported by then.

    All in one process: most of a process is the start of Python and NumPy. Where a tool imports
    TensorFlow, those behind it in the alphabet are accused as well: the first one is meant.
    """
    names = [str(path) for path in TOOLS]
    path = os.pathsep.join([str(ROOT / "tools"), os.environ["PYTHONPATH"]])
    command = [sys.executable, "-c", EXPLAIN, *names]
    environment = os.environ | {"PYTHONPATH": path}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return dict(zip(TOOLS, map(json.loads, result.stdout.splitlines()), strict=True))


@each_tool
def test_a_tool_explains_itself_without_tensorflow(path, explained):
    """`--help` prints the documentation, nothing else comes, and neither TensorFlow nor Keras is
    imported on the way.
    """
    code, printed, warned, imported = explained[path]
    assert code == 0
    assert warned == ""
    assert ast.get_docstring(ast.parse(path.read_text())).splitlines()[0] in printed
    assert imported == []


def does_work(statement: ast.stmt) -> bool:
    """Whether a statement of a module does more than import, define or name something."""
    if isinstance(statement, (ast.For, ast.While, ast.With, ast.Try)):
        return True
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) != "__name__ == '__main__'"
    return False


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('"""Text."""', False),
        ("import x", False),
        ("if __name__ == '__main__':\n    main()", False),
        ("main()", True),
        ("if True:\n    main()", True),
        ("for x in y:\n    pass", True),
    ],
)
def test_work_is_recognised(code, expected):
    assert does_work(ast.parse(code).body[0]) is expected


@pytest.mark.parametrize("path", sorted((ROOT / "tools").rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_runs_at_import(path):
    tree = ast.parse(path.read_text())
    assert not [ast.unparse(node) for node in tree.body if does_work(node)]
    assert "noqa" not in path.read_text()


# --- where tools are mentioned --------------------------------------------------------------------


def texts() -> list[Path]:
    """Every text file of the project that git knows, or would know."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    paths = (ROOT / name for name in listed.stdout.splitlines())
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


def test_every_mention_of_a_tool_names_one_that_exists():
    missing = []
    mentioned = set()
    for path in texts():
        for name in re.findall(r"\btools/(\w+\.py)\b", path.read_text(encoding="utf-8")):
            mentioned.add(name)
            if not (ROOT / "tools" / name).is_file():
                missing.append(f"{path.relative_to(ROOT)}: tools/{name}")
    assert not missing
    assert {"train_weights.py", "build_exercises.py", "draw_exercises.py"} <= mentioned


def test_every_mention_of_an_exercise_topic_names_one_that_exists():
    topics = {path.stem for path in (ROOT / "tools" / "exercise_runs").glob("[a-z]*.py")}
    found = {
        topic
        for path in texts()
        for topic in re.findall(r"tools/draw_exercises\.py (\w+)", path.read_text(encoding="utf-8"))
    }
    assert found == topics


# --- what they share ------------------------------------------------------------------------------


def test_a_picture_with_a_palette_has_the_same_pixels(shared, tmp_path):
    pixels = np.arange(16, dtype=np.uint8).repeat(16).reshape(16, 16) * 17
    shared.save_with_palette(Image.fromarray(pixels), tmp_path / "small.png", colours=16)
    written = Image.open(tmp_path / "small.png")
    assert written.mode == "P"
    np.testing.assert_array_equal(np.asarray(written.convert("L")), pixels)


def test_rows_of_digits_are_dark_on_white_with_a_frame(shared):
    images = np.full((2, 3, 28, 28, 1), 200, np.uint8)
    picture = shared.ink_rows(images, gap=6)
    assert picture.shape == (2 * (30 + 6), 3 * 30)
    assert (picture[1:29, 1:29] == 55).all()
    assert (picture[30:36] == 255).all() and (picture[:, 0] == 255).all()
    assert shared.doubled(picture).size == (2 * 90, 2 * 72)


def test_shares_count_only_what_was_asked_for(shared):
    right = {
        "digit": np.array([True, False]),
        "size": np.array([1.0, np.nan]),
        "ink": np.array([np.nan, np.nan]),
    }
    assert shared.shares(right) == {"digit": 0.5, "size": 1.0}


def test_training_ends_when_the_seconds_are_used(shared):
    """After the first step, if a step takes longer than that."""
    model = models.VAE(seed=0)
    model.compile()
    used = shared.fit_within(
        model, 1e-9, shared.mnist().train_images[:256], batch_size=64, verbose=0
    )
    assert int(model.steps) == 1
    assert used > 0


def test_an_unknown_name_is_refused_and_no_name_means_all(shared, capsys):
    parser = shared.command_line("A tool.")
    assert shared.chosen(parser, [], {"vae": 1, "gan": 2}) == ["vae", "gan"]
    assert shared.chosen(parser, ["gan"], {"vae": 1, "gan": 2}) == ["gan"]
    with pytest.raises(SystemExit):
        shared.chosen(parser, ["gen"], {"vae": 1, "gan": 2})
    assert "unknown: gen; known are: vae, gan" in capsys.readouterr().err


def test_a_file_of_runs_keeps_each_run_once_it_is_there(shared, tmp_path):
    path = tmp_path / "runs.json"
    for seed in (1, 0):
        assert not shared.has_run(path, 60, "Heun", seed)
        shared.add_run(path, 60.0, "Heun", {"seed": seed}, floor=0.4)
        assert shared.has_run(path, 60, "Heun", seed)
    shared.add_run(path, 2.5, "Euler", {"seed": 0}, ceiling=0.9)
    assert not shared.has_run(path, 60, "Euler", 0)
    found = json.loads(path.read_text())
    assert found["runs"] == {
        "60": {"Heun": [{"seed": 0}, {"seed": 1}]},
        "2.5": {"Euler": [{"seed": 0}]},
    }
    assert (found["floor"], found["ceiling"]) == (0.4, 0.9)


def test_committed_benchmarks_belong_to_what_the_tools_measure(shared):
    """Their readers, such as lesson 70, find each contender under the name that it has today."""
    measure_quality = tool("measure_quality")
    measure_race = tool("measure_race")
    race = json.loads((shared.BENCHMARKS / "race.json").read_text())
    assert race["rows"].keys() == measure_race.contenders().keys()
    for name, comparison in measure_quality.comparisons().items():
        result = json.loads((shared.BENCHMARKS / f"{name}_quality.json").read_text())
        assert result["runs"].keys() == comparison.contenders.keys()
        assert all(
            comparison.metric in point for run in result["runs"].values() for point in run["points"]
        )
    text = json.loads((shared.BENCHMARKS / "text.json").read_text())
    assert text.keys() == measure_quality.TEXT_ENCODERS.keys()


def test_the_committed_measurements_of_trust_are_whole(shared):
    """Lesson 72 reads every seed, stage, size, key and change."""
    measure_trust = tool("measure_trust")
    trust = json.loads((shared.BENCHMARKS / "trust.json").read_text())
    families = measure_trust.SHIPPED
    expected = {f"{name}, seed {seed}" for name in families for seed in range(3)}
    assert trust["membership"].keys() == expected
    for run in trust["membership"].values():
        assert len(run["stages"]) == len(measure_trust.STAGES)
        assert all(
            len(stage[attack]["roc"]) == len(measure_trust.ROC_RATES)
            for stage in run["stages"]
            for attack in ("loss", "calibrated")
        )
    sizes = {f"{name}, {count} images" for name in families for count in measure_trust.SIZES}
    assert trust["onset"].keys() == sizes
    marked = [rows for rows in trust["watermark"].values() if isinstance(rows, list)]
    assert all(len(rows) == len(measure_trust.KEYS) for rows in marked)
    assert trust["card"] == measure_trust.CARD


@pytest.mark.parametrize("name", models.FAMILIES)
def test_a_family_is_raced_measured_and_trained_by_its_registration(name):
    family = models.FAMILIES[name]
    raced = [each for each in tool("measure_race").contenders() if each.startswith(family.title)]
    assert raced == [family.title + way for way in family.ways]
    comparisons = tool("measure_quality").comparisons().values()
    assert sum(name in comparison.families for comparison in comparisons) == 1
    assert family.weights in tool("train_weights").trainers()


def test_a_new_family_needs_no_list_of_the_tools(monkeypatch):
    ways = {"": Way(), ", twice": Way({"steps": 2}, 2, quality_of="")}
    toy = models.Family("toy", models.GAN, models.GAN, weights="toy", ways=ways)
    monkeypatch.setitem(models.FAMILIES, "toy", toy)
    measure_race = tool("measure_race")
    contenders = measure_race.contenders()
    assert contenders["toy"] == measure_race.Contender("toy", {}, 1, None)
    assert contenders["toy, twice"] == measure_race.Contender("toy", {"steps": 2}, 2, "toy")
    assert tool("measure_quality").comparisons()["toy"].families == ("toy",)
    train_weights = tool("train_weights")
    assert train_weights.trainers()["toy"][0] is train_weights.train_family


def test_a_later_contender_keeps_its_ratio_to_those_that_it_is_timed_with():
    """It is twice as fast as another. The race has that one at half the speed, or at an eighth."""
    names = ("latency_ms_median", "latency_ms_p95", "images_per_second")

    def speed(*numbers):
        return dict(zip(names, numbers, strict=True))

    estimate = tool("measure_race").scaled
    beside, half, eighth = speed(4, 5, 100), speed(8, 9, 50), speed(32, 33, 12.5)
    faster = speed(2, 3, 200)
    assert estimate(faster, [(half, beside)]) == pytest.approx(speed(4, 6, 100))
    assert estimate(faster, [(half, beside), (eighth, beside)]) == pytest.approx(speed(8, 12, 50))


def test_an_unknown_contender_is_refused(monkeypatch, capsys):
    measure_race = tool("measure_race")
    monkeypatch.setattr("sys.argv", ["measure_race.py", "--only", "nobody"])
    monkeypatch.setattr(measure_race.lesson, "start", lambda: None)
    with pytest.raises(SystemExit):
        measure_race.main()
    assert "unknown: nobody; known are: GAN, VAE, N(0, I)" in capsys.readouterr().err


def test_shipped_cards_name_the_command_that_trains_them():
    assert sorted(tool("train_weights").trainers()) == pretrained.names()
    for name in pretrained.names():
        assert pretrained.card(name)["command"] == f"uv run tools/train_weights.py {name}"


# --- arithmetic -----------------------------------------------------------------------------------


def and_backwards(function, variables):
    """A function of no arguments: what the function returns, and its gradients."""

    def with_gradients():
        with tf.GradientTape() as tape:
            loss = function()
        return loss, *tape.gradient(loss, variables)

    return with_gradients


def counted_both_ways(function) -> tuple[int, int]:
    """Its multiply-adds, counted while it runs and in its graph."""
    arithmetic = tool("_arithmetic")
    graph = tf.function(function, autograph=False).get_concrete_function()
    return arithmetic.multiply_adds(function), arithmetic.multiply_adds_of_graph(graph)


def test_a_dense_layer_has_a_product_for_each_weight_and_row_and_two_more_backwards():
    """Of the first layer's input nobody needs the gradient."""
    first, second = keras.layers.Dense(5), keras.layers.Dense(7)
    rows = tf.ones((3, 4))

    def forwards():
        return tf.reduce_sum(second(first(rows)))

    size = 3 * 4 * 5 + 3 * 5 * 7
    assert second(first(rows)).shape == (3, 7)
    assert counted_both_ways(forwards) == (size, size)
    both = and_backwards(forwards, [first.kernel, second.kernel])
    assert counted_both_ways(both) == (3 * size - 3 * 4 * 5,) * 2


def test_a_convolution_has_its_kernel_at_each_place_and_as_much_for_each_gradient():
    layer = keras.layers.Conv2D(6, 3, strides=2, padding="same")
    images = tf.Variable(tf.ones((2, 8, 8, 4)))

    def forwards():
        return tf.reduce_sum(layer(images))

    assert forwards().shape == ()
    size = 2 * 4 * 4 * 6 * 3 * 3 * 4
    assert counted_both_ways(forwards) == (size, size)
    assert counted_both_ways(and_backwards(forwards, [layer.kernel, images])) == (3 * size,) * 2


def test_attention_has_four_projections_and_two_products_of_all_pairs():
    """The causal mask hides half of the pairs; it saves nothing."""
    width, heads, length, batch = 8, 2, 5, 3
    layer = keras.layers.MultiHeadAttention(heads, width // heads)
    x = tf.ones((batch, length, width))

    def attend():
        return layer(x, x, use_causal_mask=True)

    assert attend().shape == x.shape
    size = batch * (4 * length * width**2 + 2 * length**2 * width)
    assert counted_both_ways(attend) == (size, size)


def test_a_share_of_the_peak_is_that_of_the_speeds():
    """With a clock that a call moves by what it costs; one that costs 0.01 is called five times."""
    measure_peak = tool("measure_peak")
    now = [0.0]

    def costs(seconds):
        def function():
            now[0] += seconds

        return function

    slow, quick = costs(0.2), costs(0.01)
    found = measure_peak.speeds({slow: 40, quick: 8}, rounds=2, clock=lambda: now[0])
    assert found == [pytest.approx([200, 200]), pytest.approx([800, 800])]
    # twice to find out how long a call takes, then the two rounds
    assert now[0] == pytest.approx((2 + 2) * 0.2 + (2 + 2 * 5) * 0.01)


def test_kernels_are_told_from_what_contains_them():
    is_operation = tool("measure_peak").is_operation
    assert all(map(is_operation, ("MatMul", "_MklSwish", "Mul")))
    assert not any(map(is_operation, ("Run", "_flow", "StatelessWhile", "PartitionedCall")))


def test_the_time_of_a_step_is_divided_among_its_operations():
    matrix = tf.ones((256, 256))
    step = tf.function(lambda: tf.reduce_sum(tf.sqrt(tf.matmul(matrix, matrix))), autograph=False)
    step()
    found = tool("measure_peak").time_by_kind(lambda: float(step()))
    assert 0 < found["products"] < 1
    assert 0 < sum(found["largest"].values()) <= 1 - found["products"] + 1e-9
    assert not any("MatMul" in kind for kind in found["largest"])


def test_the_committed_shares_of_the_peak_are_those_of_all_families(shared):
    measure_peak = tool("measure_peak")
    result = json.loads((shared.BENCHMARKS / "peak.json").read_text())
    assert result["rows"].keys() == models.FAMILIES.keys()
    for name, row in result["rows"].items():
        family = models.FAMILIES[name]
        own = [each for each, way in family.ways.items() if way.quality_of is None]
        assert list(row["generating"]) == [family.title + each for each in own]
        for found in [
            row["training"],
            *(v for way in row["generating"].values() for v in way.values()),
        ]:
            assert 0 < found["lowest"] <= found["share"] <= found["highest"] < 1
    assert measure_peak.page(result) == (shared.BENCHMARKS / "peak.md").read_text()


# --- measurements that are cut into jobs ----------------------------------------------------------


def test_samples_of_a_gaussian_have_the_mean_and_covariance_of_the_pixels():
    """Of pixels that are never clipped. With 20,000 samples the standard error of a mean is 20 /
    141, and of a covariance at most 400 x sqrt(2) / 141: five times that is allowed.
    """
    random = np.random.default_rng(0)
    images = np.clip(random.normal(128, 20, (50, 2, 2, 3)), 60, 196).astype(np.uint8)
    samples = tool("measure_colour").gaussian_samples(images, 20_000, seed=0)
    assert samples.shape == (20_000, 2, 2, 3) and samples.dtype == np.uint8
    pixels, sampled = (part.reshape(len(part), -1).astype(float) for part in (images, samples))
    deviation = pixels.std(axis=0, ddof=1).max()
    standard = deviation / np.sqrt(len(samples))
    np.testing.assert_allclose(sampled.mean(axis=0), pixels.mean(axis=0), atol=5 * standard)
    np.testing.assert_allclose(
        np.cov(sampled.T), np.cov(pixels.T), atol=5 * np.sqrt(2) * deviation * standard
    )


@pytest.mark.slow
def test_families_are_measured_in_colour_job_by_job(monkeypatch, tmp_path):
    measure_colour = tool("measure_colour")
    family = models.FAMILIES["vae"]
    small = dataclasses.replace(family, model=family.small)
    monkeypatch.setitem(models.FAMILIES, "vae", small)
    monkeypatch.setattr(measure_colour, "BENCHMARKS", tmp_path)
    for name, value in {"COUNT": 16, "SPLITS": 2, "EXTRACTOR_STEPS": 1}.items():
        monkeypatch.setattr(measure_colour, name, value)
    images = measure_colour.training_images()[::100]
    monkeypatch.setattr(measure_colour, "training_images", lambda: images)
    monkeypatch.setattr(measure_colour, "unseen_images", lambda: images[:8])
    for job in ("gaussian", "vae --seconds 0.001", "vae --seconds 0.001 --seed 1"):
        monkeypatch.setattr("sys.argv", ["measure_colour.py", *job.split()])
        measure_colour.main()
    result = json.loads((tmp_path / "colour.json").read_text())
    vaes = {"VAE, N(0, I)", "VAE, fitted prior"}
    assert result["rows"].keys() == {"Gaussian"} | vaes | {f"{title}, seed 1" for title in vaes}
    assert result["floor"]["copies"] == 1.0  # they are training pictures here
    steps = [result["rows"]["VAE, fitted prior"][stage]["steps"] for stage in ("half time", "end")]
    assert steps == [1, 2]
    page = (tmp_path / "colour.md").read_text(encoding="utf-8")
    assert page.count("\n| VAE") == 2 and measure_colour.EXTRACTOR in page
    other = result["rows"]["VAE, fitted prior, seed 1"]["end"]["distance"]
    assert re.search(rf"\n\| VAE, fitted prior [^\n]* \| {other:.1f} \|", page)
    assert all(line.count("|") == 10 for line in page.splitlines() if line.startswith("|"))
    pictures = re.findall(r"!\[.*\]\((.*)\)", page)
    assert len(pictures) == 4  # of real pictures and three rows
    assert all((tmp_path / picture).exists() for picture in pictures)


@pytest.mark.slow
def test_settings_for_few_pictures_are_compared_job_by_job(monkeypatch, tmp_path):
    measure = tool("measure_few_pictures")
    family = models.FAMILIES["vae"]
    small = dataclasses.replace(family, model=family.small)
    monkeypatch.setitem(models.FAMILIES, "vae", small)
    sizes = {"COUNT": 60, "SAMPLES": 8, "PASSES": {"model": 2}, "BENCHMARKS": tmp_path}
    for name, value in sizes.items():
        monkeypatch.setattr(measure, name, value)
    for setting in ("many", "few"):
        monkeypatch.setattr("sys.argv", f"measure_few_pictures.py vae --settings {setting}".split())
        measure.main()
    result = json.loads((tmp_path / "few_pictures.json").read_text())
    assert result["rows"]["vae"].keys() == {"few", "many"}
    assert result["rows"]["vae"]["many"]["passes"] == 2
    page = (tmp_path / "few_pictures.md").read_text(encoding="utf-8")
    assert page.count("\n| VAE | ") == 2 and f"trains on {result['trained on']}" in page


def test_precision_is_compared_over_the_seeds_that_both_policies_have():
    def runs(*distances):
        return {str(seed): {"distance": value} for seed, value in enumerate(distances)}

    found = tool("measure_precision").summary(
        {"float32": runs(10.0, 14.0), "mixed_bfloat16": runs(11.0), "mixed_float16": runs(12.0, 18)}
    )
    assert found["float32"]["ratio to float32"] == 1.0
    assert found["float32"]["spread over seeds"] == pytest.approx(8**0.5 / 12, abs=1e-3)
    assert found["mixed_bfloat16"] == {"seeds": 1, "distance": 11.0, "ratio to float32": 1.1}
    assert found["mixed_float16"]["ratio to float32"] == 1.25


def test_stability_is_put_together_from_seeds():
    measure_stability = tool("measure_stability")

    def run(*losses):
        course = measure_stability.course_of([{"reconstruction": loss} for loss in losses])
        return {"model": course}

    runs = {"0": run(2.0, 5.0, 1.0), "1": run(4.0, 16.0, 3.0), "3": run(1.0, float("nan"), 1.0)}
    assert measure_stability.summary(runs)["model"]["reconstruction"] == {
        "first": round(7 / 3, 3),
        "last": round(5 / 3, 3),
        "highest rise": float("inf"),
        "held": "1 of 3",
    }
    assert measure_stability.missing({"row": {"runs": runs}}, "row", [0, 1, 2]) == [2]
    assert measure_stability.missing({}, "row", [0, 1]) == [0, 1]
