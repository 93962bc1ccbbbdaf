"""What the writers in colour are measured by: scores between a floor and a ceiling, a page computed
from them, the curve from scratch, and the race of the writers.
"""

import ast
import json
from types import SimpleNamespace

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from authors_tools import FOLDER, tool

from genimg_lib.data import load_emoji
from genimg_lib.data.emoji_set import STYLES

LANGUAGES = ("english", "chinese")
NEAR = {"copies": 0.1, "nearer than the median unseen one": 0.5, "median distance": 30.0}
MEMORY = {"samples": NEAR, "real unseen pictures": NEAR}


@pytest.fixture(scope="module")
def words():
    return tool("measure_words")


@pytest.fixture(scope="module")
def scratch():
    return tool("measure_words_from_scratch")


@pytest.fixture
def at(monkeypatch, tmp_path):
    """Sends what a tool writes into a folder of the test: `at(module)` returns the file."""

    def sent(module):
        monkeypatch.setattr(module, "TARGET", tmp_path / module.TARGET.name)
        monkeypatch.setattr(module.lesson, "start", lambda: None)
        return module.TARGET

    return sent


class Reader:
    """Draws the real picture of each English prompt, and a black one for all else."""

    def __init__(self):
        emoji = load_emoji()
        names = zip(emoji.styles, emoji.names["english"], strict=True)
        self.pictures = dict(zip(map(" ".join, names), emoji.images, strict=True))

    def generate(self, count, condition=None, *, seed, guidance=3.0):
        black = np.zeros((32, 32, 3), np.uint8)
        prompts = (
            [condition] * count if condition is None or isinstance(condition, str) else condition
        )
        return np.array([self.pictures.get(prompt, black) for prompt in prompts])


class Judge:
    """Knows every picture of the set by heart, and takes a black one for the first of them."""

    def __init__(self):
        emoji = load_emoji()
        self.concepts = np.unique(emoji.concepts)
        pixels = (image.tobytes() for image in emoji.images)
        self.known = dict(zip(pixels, zip(emoji.concepts, emoji.styles, strict=True), strict=True))

    def seen(self, images):
        first = self.concepts[0], STYLES[0]
        return zip(*(self.known.get(image.tobytes(), first) for image in images), strict=True)

    def best(self, images, top=5):
        concepts, _ = self.seen(images)
        first = np.searchsorted(self.concepts, concepts)
        return (first[:, None] + np.arange(top)) % len(self.concepts)

    def styles(self, images):
        return np.array(list(self.seen(images))[1])


@pytest.fixture
def stand_ins(monkeypatch, words):
    """In place of all weights."""
    models = {words.JUDGE: Judge(), **dict.fromkeys(words.WRITERS, Reader())}
    monkeypatch.setattr(words.evaluation.pretrained, "load", models.__getitem__)
    return models


# --- scores ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["training", "unseen style", "unseen tone", "unseen concept"])
def test_a_score_stands_between_pictures_without_words_and_real_ones(words, part):
    """A reader of English alone is at the ceiling in English and at the floor in Chinese."""
    scores, drawn = words.judged(Reader(), Judge(), part, 30)
    assert scores["prompts"] == len(drawn) == 30
    assert scores["english"] == scores["ceiling"]
    assert scores["chinese"] == scores["floor"]
    key = words.asked(part)
    assert scores["ceiling"][key] > scores["floor"][key] + 0.4
    ahead = scores["english"][key] - scores["chinese"][key]
    assert scores["english ahead"][key]["gap"] == pytest.approx(ahead, abs=2e-3)


def test_a_writer_with_a_codec_shows_what_the_codec_leaves(words):
    """A codec that loses everything leaves what the judge says of a black picture."""

    class WithCodec(Reader):
        tokenizer = SimpleNamespace(reconstruct=np.zeros_like)

    scores, _ = words.judged(WithCodec(), Judge(), words.KNOWN, 10)
    assert scores["codec"] == scores["floor"] != scores["ceiling"]
    assert "codec" not in words.judged(Reader(), Judge(), words.KNOWN, 10)[0]


def test_a_gap_is_one_of_prompts(words):
    """Prompts that are hard in both languages add nothing to its error."""
    english = np.array([True, True, True, False, False, False, False, False])
    chinese = np.array([True, True, False, False, False, False, False, False])
    found = words.gap(english, chinese)
    each = np.array([0, 0, 1, 0, 0, 0, 0, 0])
    assert found["gap"] == pytest.approx(1 / 8)
    assert found["error"] == pytest.approx(each.std(ddof=1) / np.sqrt(8), abs=1e-3)
    apart = np.sqrt((english.var(ddof=1) + chinese.var(ddof=1)) / 8)
    assert found["error"] < apart
    assert words.gap(english, english) == {"gap": 0.0, "error": 0.0}


def test_a_run_replaces_the_writers_that_are_named(words, at, stand_ins, monkeypatch):
    path = at(words)
    monkeypatch.setattr(words, "memory", lambda samples: MEMORY)

    def run(name, count):
        monkeypatch.setattr("sys.argv", ["measure_words.py", name, "--count", str(count)])
        words.main()
        return json.loads(path.read_text())

    first = run("text_to_emoji", 6)
    assert list(first) == ["text_to_emoji"]
    second = run("text_flow", 4)
    assert list(second) == ["text_flow", "text_to_emoji"]
    assert second["text_to_emoji"] == first["text_to_emoji"]
    assert second["text_flow"]["judged"]["training"]["prompts"] == 4
    assert path.with_suffix(".md").read_text(encoding="utf-8") == words.page(second)


def test_what_another_judge_said_is_not_kept(words):
    stored = {"text_flow": {"judge": "another"}, "text_to_emoji": {"judge": words.JUDGE}}
    found = {"text_to_emoji": {"judge": words.JUDGE, "judged": {}}}
    assert words.merged(stored, found) == found


# --- what the page says ---------------------------------------------------------------------------


def scores(floor, english, chinese, ceiling, prompts=200):
    columns = {"floor": floor, "english": english, "chinese": chinese, "ceiling": ceiling}
    ahead = {"new": {"gap": english - chinese, "error": 0.02}}
    ahead["in five"] = ahead["new"]
    return {
        "prompts": prompts,
        **{column: {"new": share, "in five": share} for column, share in columns.items()},
        "english ahead": ahead,
    }


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (scores(0.1, 0.5, 0.5, 0.8), "understood"),
        (scores(0.1, 0.9, 0.9, 0.8), "understood"),
        (scores(0.1, 0.5, 0.4, 0.8), "understood in part"),  # Chinese: less than half of the way
        (scores(0.1, 0.5, 0.12, 0.8), "understood in part"),
        (scores(0.1, 0.16, 0.16, 0.8), "not understood"),  # 0.06 is 1.8 standard errors
        (scores(0.1, 0.05, 0.05, 0.8), "not understood"),
        (scores(0.0, 0.0, 0.0, 0.0), "cannot be told"),
        (scores(0.3, 0.9, 0.9, 0.36), "cannot be told"),
        (scores(0.0, 0.2, 0.2, 0.4, prompts=6), "cannot be told"),
        (scores(0.0, 0.2, 0.2, 0.4, prompts=60), "understood"),
    ],
)
def test_the_rule_of_the_page(words, found, answer):
    assert words.reading(found, "new") == answer


@pytest.mark.parametrize(
    ("gap", "error", "answer"),
    [
        (0.01, 0.02, "within 5 points"),
        (-0.01, 0.02, "within 5 points"),
        (0.0, 0.03, "undecided"),
        (-0.08, 0.02, "undecided"),
        (0.1, 0.02, "more than 5 points"),
        (-0.1, 0.02, "more than 5 points"),
    ],
)
def test_how_close_two_languages_are(words, gap, error, answer):
    assert words.closeness({"gap": gap, "error": error}) == answer


@pytest.fixture
def two_writers(words):
    """A writer that understands all that is new, and one that understands nothing."""
    heard, deaf = scores(0.1, 0.75, 0.65, 0.8), scores(0.1, 0.1, 0.1, 0.8)
    for each in (heard, deaf):
        for column in ("floor", *LANGUAGES, "ceiling"):
            each[column]["style"] = each[column]["new"]
    return {
        name: {"judge": "j", "judged": dict.fromkeys(words.PARTS, each), "memory": MEMORY}
        for name, each in zip(words.WRITERS, (heard, deaf), strict=True)
    }


def test_the_page_says_which_parts_are_understood(words, two_writers):
    page = words.page(two_writers)
    first, second = (line for line in page.splitlines() if line.startswith("- `"))
    assert first.startswith("- `text_flow`: *understood*: unseen style (93%, 79%), unseen tone")
    assert second.startswith("- `text_to_emoji`: *not understood*: unseen style (0%, 0%)")
    assert "known words" not in first + second
    assert "| unseen tone | 200 | what is new | 10% | 75% | 65% | 10% | 10% | 10% | 80% |" in page
    gaps = "| +10.0 ± 2.0, more than 5 points | +0.0 ± 2.0, not understood |"
    assert f"| unseen tone {gaps}" in page


def test_the_languages_are_compared_over_what_is_heard(words, two_writers):
    heard, deaf = (entry["judged"] for entry in two_writers.values())
    assert words.overall_gap(heard)["gap"] == pytest.approx(0.1)
    assert words.overall_gap(heard)["error"] == pytest.approx(0.02 / np.sqrt(len(words.PARTS)))
    assert words.closeness(words.overall_gap(deaf)) == "undecided"
    # four times as many prompts weigh four times as much
    more = heard | {"unseen tone": scores(0.1, 0.7, 0.7, 0.8, prompts=800)}
    assert words.overall_gap(more)["gap"] == pytest.approx(0.1 * 6 / 10)


def test_the_committed_page_is_that_of_the_committed_numbers(words):
    result = json.loads(words.TARGET.read_text())
    assert words.TARGET.with_suffix(".md").read_text(encoding="utf-8") == words.page(result)
    for entry in result.values():
        assert tuple(entry["judged"]) == words.PARTS
        for found in entry["judged"].values():
            columns = [found[column].keys() for column in ("floor", *LANGUAGES, "ceiling")]
            assert all(keys == found["english ahead"].keys() for keys in columns)


# --- from scratch ---------------------------------------------------------------------------------


@pytest.fixture
def without_graphs():
    """Five steps are sooner done than traced."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("without_graphs")
@pytest.mark.filterwarnings("ignore:.*run_functions_eagerly.*:UserWarning")
def test_a_run_from_scratch_is_judged_five_times_with_averaged_weights(scratch):
    """All five halts lie within a moment: one after each of the first steps."""
    looked = []

    def look(model, count):
        averages = model.optimizer._model_variables_moving_average
        for variable, average in zip(model.trainable_variables, averages, strict=True):
            np.testing.assert_array_equal(np.array(variable), np.array(average))
        looked.append(model.step)
        return {"known words": count}

    data = load_emoji().images[:32], ["red heart"] * 32
    world = scratch.World(lambda: data, {"width": 16, "depth": 1, "heads": 2}, 16, look)
    found = scratch.points(world, seconds=1e-6, seed=0, count=7)
    assert [point["steps"] for point in found] == looked == [1, 2, 3, 4, 5]
    assert all(point["scores"] == {"known words": 7} for point in found)
    seconds = [point["cpu_seconds"] for point in found]
    assert seconds == sorted(seconds) and seconds[0] > 0


def test_averaged_weights_are_there_for_the_look_alone(scratch):
    weight = keras.Variable(1.0)
    optimizer = SimpleNamespace(finalize_variable_values=lambda variables: weight.assign(0.5))
    model = SimpleNamespace(trainable_variables=[weight], optimizer=optimizer)
    assert scratch.averaged(model, lambda: float(np.array(weight))) == 0.5
    assert float(np.array(weight)) == 1.0


def test_a_run_from_scratch_is_not_repeated(scratch, at, monkeypatch):
    path, trained = at(scratch), []

    def points(world, seconds, seed, count):
        trained.append((world.batch_size, seed))
        return [{"cpu_seconds": seconds}]

    monkeypatch.setattr(scratch, "points", points)
    for arguments in (["shapes", "--seed", "1"], ["--seed", "1"], ["shapes"]):
        monkeypatch.setattr("sys.argv", ["measure_words_from_scratch.py", *arguments])
        scratch.main()
    assert trained == [(32, 1), (64, 1), (32, 0)]
    runs = json.loads(path.read_text())["runs"]["300"]
    assert [run["seed"] for run in runs["shapes"]] == [0, 1]
    assert [run["seed"] for run in runs["all"]] == [1]


def lessons_functions() -> dict:
    """How lesson 63 judges plain shapes: its own definitions."""
    emoji = load_emoji()
    notebook = nbformat.read(FOLDER.parent / "notebooks/63_real_words.ipynb", as_version=4)
    (source,) = (cell.source for cell in notebook.cells if "def nearest_shape" in cell.source)
    body = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    names = {"emoji": emoji, "np": np, "plain": np.flatnonzero(emoji.shapes != "")}
    exec(compile(ast.Module(body, []), "lesson", "exec"), names)
    return names


def test_plain_shapes_are_judged_as_in_the_lesson(scratch):
    emoji, random = load_emoji(), np.random.default_rng(0)
    images = emoji.images[random.choice(scratch.plain_shapes(), 40)]
    noisy = np.clip(images + random.normal(0, 60, images.shape), 0, 255).astype(np.uint8)
    found = scratch.nearest_shape(noisy)
    np.testing.assert_array_equal(found, lessons_functions()["nearest_shape"](noisy))
    assert len(set(found)) > 20


def test_the_floor_of_shapes_is_that_of_any_picture_for_any_prompt(scratch):
    """A black picture is nearest to one real shape, whose colour a tenth or so of prompts name."""
    emoji = load_emoji()
    found = scratch.scores_of_shapes(Reader(), 5)
    assert found.keys() == {"known words", "unseen colour"}
    (nearest,) = scratch.nearest_shape(np.zeros((1, 32, 32, 3), np.uint8))
    for name, part in (("known words", "training"), ("unseen colour", "unseen colour")):
        rows = np.intersect1d(scratch.plain_shapes(), emoji.splits[part])
        assert found[name]["prompts"] == len(rows)
        assert found[name]["english"] == found[name]["ceiling"]
        assert found[name]["ceiling"] == {"shape": 1.0, "colour": 1.0, "style": 1.0}
        assert found[name]["chinese"] == found[name]["floor"]
        expected = np.mean(emoji.shapes[rows] == emoji.shapes[nearest])
        assert found[name]["floor"]["shape"] == pytest.approx(expected, abs=1e-3)


def test_floor_and_ceiling_stand_beside_every_committed_score_from_scratch(scratch):
    runs = json.loads(scratch.TARGET.read_text())["runs"]["300"]
    assert runs.keys() == scratch.WORLDS.keys()
    for of_world in runs.values():
        assert [run["seed"] for run in of_world] == [0, 1, 2]
        for run in of_world:
            assert len(run["points"]) == len(scratch.HALTS)
            for point in run["points"]:
                for found in point["scores"].values():
                    first, *others = (
                        found[column].keys() for column in ("english", "floor", "ceiling")
                    )
                    assert first and all(keys == first for keys in others)


# --- the race of the writers ----------------------------------------------------------------------


def test_the_race_of_the_writers_leaves_the_others_as_they_are(at, monkeypatch, stand_ins):
    race = tool("measure_race")
    path = at(race)
    before = {"rows": {"GAN": {"latency_ms_median": 3.0}}, "machine": "another", "writers": {}}
    path.write_text(json.dumps(before))
    asked = []

    def speeds(runners, repeats, clock, *, batch):
        for run in runners:
            asked.append(run(2, 0).shape)
        return [
            {"latency_ms_median": 60.0, "images_per_second": 30.0},
            {"latency_ms_median": 120.0, "images_per_second": 45.0},
        ]

    monkeypatch.setattr(race, "measure_speeds", speeds)
    monkeypatch.setattr(race, "machine", lambda: "here")
    monkeypatch.setattr("sys.argv", ["measure_race.py", "--writers"])
    race.main()
    after = json.loads(path.read_text())
    assert asked == [(2, 32, 32, 3)] * 2
    assert {key: after[key] for key in ("rows", "machine")} == {
        key: before[key] for key in ("rows", "machine")
    }
    assert after["writers"]["machine"] == "here"
    assert after["writers"]["ratios"] == {"one picture": 0.5, "in batches": 1.5}
    assert after["writers"]["rows"].keys() == {"text_flow", "text_to_emoji"}
