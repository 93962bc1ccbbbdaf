"""The bug museum: every fault has an exhibit, which shows its symptom broken and not fixed."""

import functools
import re
import types
from pathlib import Path

import keras
import numpy as np
import pytest
from pytest import approx

from genimg_lib.museum import (
    alone,
    exhibit,
    gan_program,
    gan_silence,
    language_program,
    prose,
    rooms,
    vae_program,
)
from genimg_lib.practice.interview import bank

ROOT = Path(__file__).parents[1]

NUMBERS = {
    "G": [*range(1, 13), 16, 17],
    "V": [*range(1, 6), *range(8, 17)],
    "L": range(1, 8),
    "P": [1, *range(3, 22)],
    "B": range(1, 16),
}
FAULTS = {f"{letter}{number:02}" for letter in NUMBERS for number in NUMBERS[letter]} | {"G05+G06"}


def between(low, high):
    """A predicate: the value lies in [low, high]."""
    return lambda value: low <= value <= high


# what the proof says of the broken and of the fixed part: a value, part of an error's text, or a
# predicate
EXPECTED = {
    "G01": ("ValueError", "it works"),
    "G02": ("NameError: name 'np' is not defined", "it works"),
    "G03": ("ValueError", "it works"),
    "G04": ("AttributeError: 'Sequential' object has no attribute 'optimizer'", "it works"),
    "G05": (
        lambda end: max(end["G"], end["D"]) < 1e-3 and end["brightness"] > 100,
        lambda end: end["G"] > 0.4 and 1.0 < end["D"] < 1.5 and end["brightness"] < 70,
    ),
    "G06": (
        lambda end: (
            between(0.5, 0.9)(end["G"])
            and between(0.5, 0.9)(end["D"])
            and end["pixels"] == (-1.0, 509.0)
        ),
        lambda end: (
            between(0.5, 1.2)(end["G"]) and end["pixels"] == (-1.0, 1.0) and end["brightest"] > 200
        ),
    ),
    "G05+G06": (between(0, 1e-3), between(0.5, 5.0)),
    "G07": (1600, 46850),
    "G08": (
        {"in 32 steps": 59968, "in 937 steps": 59063},
        {"in 32 steps": 57952, "in 937 steps": 32},
    ),
    "G09": (1, 0),
    "G10": (between(0.7, 1.3), between(0.07, 0.13)),
    "G11": (0, 4),
    "G12": (20, 1),
    "G16": ("ValueError", "(2, 4)"),
    "G17": (
        lambda found: (
            found["warnings"] > 0
            and (found["beta_1"], found["slope"], found["runs alike"]) == (0.9, 0.3, False)
        ),
        {"warnings": 0, "runs alike": True, "beta_1": 0.5, "slope": 0.2},
    ),
    "V01": ("NameError: name 'np' is not defined", "(3, 28, 28, 1)"),
    "V04": ((5, "(2, 784)"), (4, "(2, 784)")),
    "V05": ("ValueError: too many values to unpack (expected 3", "[(5, 16), (5, 16), (5, 16)]"),
    "V10": ("ValueError", "(2, 28, 28, 1)"),
    "V09": (
        "ValueError: Arguments `target` and `output` must have the same shape",
        "(None, 28, 28, 1)",
    ),
    "V11": ("InvalidArgumentError", "(2,)"),
    "V08": (
        lambda found: found["reconstruction"] < 0.163 and found["samples"] > 1000,
        lambda found: between(0.163, 0.19)(found["reconstruction"]) and found["samples"] < 800,
    ),
    "V12": (
        lambda losses: losses[0] > losses[1] > losses[2] and losses[2] < -1e6,
        lambda losses: min(losses) > 0,
    ),
    "V13": (approx(5.19, abs=0.01), approx(0.0433, abs=0.0001)),
    "V14": (between(200, 900), between(5, 40)),
    "V15": (1, 7),
    "V16": (0, 16),
    "L01": ("AttributeError: 'Backbone' object has no attribute 'generate'", 50),
    "L02": (1, 3),
    "L03": (0, 784),
    "L04": (approx(np.log(4)), 0.0),
    "L05": (3, 0),
    "L06": (approx(50 / 256), 1.0),
    "L07": (between(0.1, 2), 0.0),
    "P18": (0, 4),
    "P01": (between(3, 200), 1.0),
    "P03": (between(0.9, 1.1), between(0, 0.05)),
    "P04": (approx(2.0, abs=0.1), approx(1.0, abs=0.1)),
    "P05": (between(0.1, 0.5), 1.0),
    "P06": (between(1, 20), between(0, 1e-9)),
    "P08": (784, 24),
    "P13": (between(3, 1e4), 1.0),
    "P14": (approx((1 + 0.15**2) ** 75), between(0.9, 1.1)),
    "P16": (1, 2),
    "P17": (between(0, 0.01), approx(-np.log(0.01), abs=0.05)),
    "P19": (0, between(5, 100)),
    "P21": (6, 0),
    "B01": (1.0, 8.0),
    "B02": (
        {"beyond": approx(0.66, abs=0.05), "off the line": 0.0},
        {"beyond": 0.0, "off the line": 0.0},
    ),
    "B03": ({"beyond": 0.0, "off the line": 1.0}, {"beyond": 0.0, "off the line": 0.0}),
    "B04": (np.isnan, 0.0),
    "B05": (approx(28.0), approx(1.0)),
    "B06": (approx(1 / 56), 1.0),
    "B07": (0.0, between(0.001, 1)),
    "B08": (1, 4),
    "B09": ((0.0, 0.5), (approx(0.25, abs=0.01), approx(0.25, abs=0.01))),
    "B10": (approx(3.0 - 1.08), approx(0.0)),
    # five standard errors of a share of one half among 1,000 samples are 0.08
    "B11": (
        lambda share: abs(share["scale 1"] - 0.5) < 0.08 and share["scale 3"] < 0.1,
        lambda share: min(share.values()) > 0.99,
    ),
    # five standard errors of a mean of 10,000 samples are 0.025
    "B12": (
        lambda samples: 2 < samples["mean"] < 2.5,
        lambda samples: (
            abs(samples["mean"] - 3) < 0.025 and samples["spread"] == approx(0.5, abs=0.025)
        ),
    ),
    "B13": (between(2, 4), between(1.2, 1.3)),  # at most one update beyond the clip
    "B14": (approx(1.0, abs=1e-4), between(0, 1e-3)),
    "B15": (between(0.6, 1.0), approx(0.0, abs=1e-9)),
}

each_exhibit = pytest.mark.parametrize("one", rooms.EXHIBITS, ids=lambda one: one.names)


@functools.cache
def readings(one):
    return one.readings()


def agrees(reading, expected) -> bool:
    if callable(expected):
        return not isinstance(reading, str) and bool(expected(reading))
    if isinstance(expected, str):
        return isinstance(reading, str) and reading.startswith(expected)
    if isinstance(expected, dict):
        return reading.keys() == expected.keys() and all(
            reading[name] == value for name, value in expected.items()
        )
    return reading == expected


# --- complete -------------------------------------------------------------------------------------


def test_every_fault_has_exactly_one_exhibit():
    ids = [name for one in rooms.EXHIBITS for name in one.ids]
    assert len(ids) == len(set(ids))
    assert set(ids) == FAULTS
    assert {one.ids[0] for one in rooms.EXHIBITS} == EXPECTED.keys() == exhibit.labels().keys()
    assert all(rooms.find(name) in rooms.EXHIBITS for name in ids)
    with pytest.raises(ValueError, match="there is no exhibit 'G99'; there are: G01"):
        rooms.find("G99")


@each_exhibit
def test_a_label_has_severity_symptom_repair_question_and_answer(one):
    label = one.label
    assert label.severity in exhibit.SEVERITIES
    assert len(one.symptom) > 20 and len(one.fix) > 10 and label.title
    assert one.symptom != one.fix
    question, answer = label.answered()
    assert question and answer
    assert label.answer or label.question in bank.load().questions
    changed = [line for line in exhibit.difference(one) if line[:2] in ("- ", "+ ")]
    assert 2 <= len(changed) <= 20, changed
    if one.ids[0].startswith("B"):
        assert re.search(r"[\w-]+/[\w-]+, (issue|issues|pull request) \d+", label.source)


# --- broken and fixed -----------------------------------------------------------------------------


@each_exhibit
def test_the_broken_part_shows_the_symptom(one):
    reading = readings(one)[0]
    assert one.shows_symptom(reading), reading
    assert agrees(reading, EXPECTED[one.ids[0]][0]), reading


@each_exhibit
def test_the_fixed_part_does_not_show_the_symptom(one):
    reading = readings(one)[1]
    assert not one.shows_symptom(reading), reading
    assert agrees(reading, EXPECTED[one.ids[0]][1]), reading


def test_the_crashes_of_the_first_program_come_in_the_readers_order():
    said = [gan_program.peel(repaired) for repaired in range(5)]
    assert [words.split(":")[0] for words in said] == [
        "ValueError",
        "NameError",
        "ValueError",
        "AttributeError",
        "it works",
    ]
    assert "found shape=(None, 7, 7" in said[0] and "(1, 1, 28, 28" in said[2]


def test_the_broken_generator_has_no_convolution_and_does_not_grow():  # P12
    for build, side in (
        (gan_program.generator_that_stays_small, 7),
        (gan_program.generator_that_grows, 28),
    ):
        network = build()
        assert network.output_shape == (None, side, side, 1)
        assert not [layer for layer in network.layers if type(layer).__name__ == "Conv2D"]


def test_the_second_program_lacks_three_names_in_turn():  # V01, V02, V03
    known = {"__builtins__": __builtins__}
    for name, value in (
        ("np", np),
        ("train_images", np.zeros((3, 28, 28))),
        ("encoder", lambda images: images),
    ):
        with pytest.raises(NameError, match=f"'{name}' is not defined"):
            types.FunctionType(alone.codes_from_elsewhere.__code__, known)()
        known[name] = value
    assert types.FunctionType(alone.codes_from_elsewhere.__code__, known)().shape == (3, 28, 28, 1)


def test_three_images_unpack_into_three_names():  # V05
    assert (
        vae_program.unpacked(vae_program.three_names_for_one_output, 3) == "[(16,), (16,), (16,)]"
    )


def test_flipping_all_three_targets_is_the_same_game():  # G05: only the agreement is the fault
    real, fake = np.float32([-2.0, 0.5, 3.0]), np.float32([1.0, -1.0, 0.2])
    right = gan_silence.targets_that_oppose(real, fake)
    np.testing.assert_allclose(
        gan_silence.binary_cross_entropy(0.0, -real) + gan_silence.binary_cross_entropy(1.0, -fake),
        right,
    )
    generator = gan_silence.binary_cross_entropy(1.0, fake)
    np.testing.assert_allclose(
        gan_silence.targets_that_agree(np.float32([-99.0]), fake), generator, rtol=1e-6
    )


def test_t5_small_and_its_tokenizer_miniature():  # L05, L02
    assert language_program.t5_parameters() == 60_506_624
    assert language_program.unknown_for_all(language_program.BEACH) == [
        language_program.ENGLISH["<unk>"]
    ]
    assert language_program.unknown_for_all("a cat") == language_program.bytes_for_unknown("a cat")


def test_keras_reads_trainable_at_the_first_training_step():  # B07: not at `compile`, and not later
    def moves(network):
        before = [weight.numpy() for weight in network.weights]
        network.train_on_batch(np.ones((2, 3), "float32"), np.full((2, 1), 5, "float32"))
        return max(
            np.abs(old - new.numpy()).max()
            for old, new in zip(before, network.weights, strict=True)
        )

    early, late = (keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]) for _ in range(2))
    for network in (early, late):
        network.compile("sgd", "mse")
    moves(early)
    early.trainable = late.trainable = False
    assert moves(early) > 0
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        assert moves(late) == 0
    late.trainable = True
    assert moves(late) == 0
    late.compile("sgd", "mse")
    assert moves(late) > 0


# P06
def test_the_claimed_divergence_is_neither_zero_nor_the_bound():
    assert (
        prose.missing_nats(lambda truth, model, divergence: 0.0)
        > prose.missing_nats(prose.a_distance)
        > 1
    )


# --- the frame ------------------------------------------------------------------------------------


def test_only_the_broken_part_of_the_right_fault_shows_the_symptom():
    one = rooms.find("G07")
    assert not one.shows_symptom(one.reading(one.fixed)) and one.shows_symptom(
        one.reading(one.broken)
    )
    crash = rooms.find("G02")
    assert not crash.shows_symptom(1600) and not crash.shows_symptom(
        "NameError: name 'tf' is not defined"
    )
    assert not one.shows_symptom("ValueError: 1600")


def test_show_prints_difference_symptom_and_both_readings(capsys):
    exhibit.show(rooms.find("G07"))
    said = capsys.readouterr().out
    assert (
        "- " + "    return batch_size // 2" in said
        and "+ " + "    return count // batch_size" in said
    )
    assert '"""' not in said and "broken 1,600" in said and "fixed  46,850" in said
    exhibit.show(rooms.find("B08"), (7, 8))
    said = capsys.readouterr().out
    assert "broken 7" in said and "pytorch/pytorch, issue 5059" in said


def test_readings_as_text():
    assert exhibit.said({"a": 1234567, "b": 0.00012}) == "a 1,234,567, b 1.2e-04"
    assert exhibit.said((True, 0.0, 2.0)) == "(True, 0, 2)"
    assert exhibit.said("\x1b[1mTypeError\x1b[0m: no") == "TypeError: no"


def test_nothing_of_the_library_needs_the_museum():
    for path in (ROOT / "genimg_lib").rglob("*.py"):
        if path.parent.name != "museum":
            assert not re.search(
                r"^\s*(?:from|import) .*\bmuseum\b", path.read_text(), re.MULTILINE
            ), path
