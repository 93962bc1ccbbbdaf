"""The language of scenes: tables, grammar, parser, pictures, captions, and hostile programs."""

import ast
import copy
import re
from pathlib import Path

import numpy as np
import pytest

from genimg_lib.scenes import program as scenes
from genimg_lib.scenes import tables
from genimg_lib.scenes.descriptions import KINDS, make_captions
from genimg_lib.scenes.pictures import PARTS, RGB, SKY_AND_GROUND, render
from genimg_lib.scenes.program import (
    BACKGROUNDS,
    COLOURS,
    GRAMMAR,
    HELD_OUT,
    LONGEST,
    MOST_THINGS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SIZES,
    Facts,
    Scene,
    Thing,
    agreement,
    complete,
    parse,
    write,
)

PROGRAM = "background: sea\nboat: red, small, bottom left\nsun: yellow, large, top right"
SCENE = Scene(
    "sea",
    (Thing("boat", "red", "small", "bottom left"), Thing("sun", "yellow", "large", "top right")),
)


def random_scene(generator):
    def pick(words):
        return str(generator.choice(list(words)))

    things = (
        Thing(pick(OBJECTS), pick(COLOURS), pick(SIZES), pick(PLACES))
        for _ in range(generator.integers(1, MOST_THINGS + 1))
    )
    return Scene(pick(BACKGROUNDS), tuple(things))


def sample_grammar(generator) -> str:
    """A random text that matches `GRAMMAR`.

    Its repeated group, which stands at the end, is written out; then one alternative is taken in
    each of the groups that are left.
    """
    repeated = re.search(r"\((\\n\(.*\))\)\{(\d+),(\d+)\}$", GRAMMAR)
    count = generator.integers(int(repeated[2]), int(repeated[3]) + 1)
    pattern = GRAMMAR[: repeated.start()] + repeated[1] * count
    text = re.sub(r"\(([^()]*)\)", lambda group: generator.choice(group[1].split("|")), pattern)
    return text.replace(r"\n", "\n")


# --- the tables -----------------------------------------------------------------------------------


WORDS_ERRORS = {
    "expected a colour as #rrggbb, got 'red'": ("colours", "red", "red"),
    "sun has the unknown colour 'gold'": ("in_the_sky", "sun", "gold"),
    r"top is at \[1, 3\]": ("places", "top", [1, 3]),
    "'sea' stands in more than one table": ("on_the_ground", "sea", "red"),
    "expected one or two words of small letters, got 'Sun'": ("in_the_sky", "Sun", "red"),
    "expected one or two words of small letters, got 'a|b'": ("sizes", "a|b", 0.1),
}
PHRASES_ERRORS = {
    "other names for the unknown word 'zebra'": ("other_names", "zebra", {}),
    "other names of boat: expected training, other words": ("other_names", "boat", {"held out": 1}),
    "phrases.toml: places: expected top left": ("places", "here", {}),
    "phrases.toml: top: expected training, held out": ("places", "top", {"training": ["up"]}),
    "frames: expected one, two, three": ("frames", "training", {"one": ["{}"]}),
    "expected 2 gaps": (
        "relations",
        "above",
        {
            "forward": {"training": ["{} above"], "held out": ["{} {}"]},
            "backward": {"training": ["{} {}"], "held out": ["{} {}"]},
        },
    ),
    "no frame for a coloured thing": (
        "noun_phrases",
        "training",
        [{"frame": "{size}{noun}", "weight": 1}],
    ),
}


@pytest.mark.parametrize(("message", "change"), WORDS_ERRORS.items())
def test_a_table_of_words_with_an_error_is_refused(message, change):
    table = copy.deepcopy(tables.words())
    group, word, entry = change
    table[group][word] = entry
    with pytest.raises(ValueError, match=message):
        tables.check_words(table)


@pytest.mark.parametrize(("message", "change"), PHRASES_ERRORS.items())
def test_a_table_of_phrases_with_an_error_is_refused(message, change):
    table = copy.deepcopy(tables.phrases())
    group, word, entry = change
    table[group][word] = entry
    with pytest.raises(ValueError, match=message):
        tables.check_phrases(table, tables.words())


def test_a_missing_or_empty_table_is_refused():
    words = copy.deepcopy(tables.words())
    del words["sizes"]
    with pytest.raises(ValueError, match=r"words\.toml: expected colours, backgrounds, sizes"):
        tables.check_words(words)
    phrases = tables.phrases() | {"frames": {}}
    with pytest.raises(ValueError, match=r"phrases\.toml: expected .*, none of them empty"):
        tables.check_phrases(phrases, tables.words())


# --- the language ---------------------------------------------------------------------------------


def test_a_program_is_read_and_written():
    assert parse(PROGRAM) == SCENE
    assert write(SCENE) == PROGRAM


def test_what_the_grammar_samples_is_read_and_printed_back():
    generator = np.random.default_rng(0)
    texts = [sample_grammar(generator) for _ in range(500)]
    assert len(set(texts)) > 490
    assert {text.count("\n") for text in texts} == set(range(1, MOST_THINGS + 1))
    for text in texts:
        assert re.fullmatch(GRAMMAR, text)
        assert write(parse(text)) == text


def test_what_is_written_is_in_the_grammar():
    generator = np.random.default_rng(1)
    for _ in range(500):
        scene = random_scene(generator)
        assert re.fullmatch(GRAMMAR, write(scene))
        assert parse(write(scene)) == scene


def test_the_longest_program_is_within_the_limit():
    def longest(words):
        return max(words, key=len)

    thing = Thing(longest(OBJECTS), longest(COLOURS), longest(SIZES), longest(PLACES))
    program = write(Scene(longest(BACKGROUNDS), (thing,) * MOST_THINGS))
    assert len(program) <= LONGEST
    parse(program)


def test_the_parser_accepts_what_the_grammar_accepts_and_nothing_else():
    """Programs with a character, a word or a line deleted, doubled, swapped or replaced."""
    generator = np.random.default_rng(2)
    accepted = 0
    for _ in range(3000):
        separator = str(generator.choice(["", " ", ", ", "\n", ": "]))
        text = write(random_scene(generator))
        parts = text.split(separator) if separator else list(text)
        i, j = generator.integers(len(parts), size=2)
        change = generator.integers(4)
        if change == 0:
            parts[i], parts[j] = parts[j], parts[i]
        elif change == 1:
            del parts[i]
        elif change == 2:
            parts.insert(i, parts[j])
        else:
            parts[i] = str(
                generator.choice(
                    ["red", "", " ", "\n", "top", "Ą", "boat: red, small, top", "0", "\x00"]
                )
            )
        text = separator.join(parts)
        try:
            assert write(parse(text)) == text
            parsed = True
        except ValueError:
            parsed = False
        assert parsed == bool(len(text) <= LONGEST and re.fullmatch(GRAMMAR, text)), repr(text)
        accepted += parsed
    assert 100 < accepted < 2900


# --- bad programs ---------------------------------------------------------------------------------

HOSTILE = {
    "code": "background: __import__('os').system('touch hacked')\nboat: red, small, top",
    "code for an object": "background: sea\n__import__('os'): red, small, top",
    "a format string": "background: sea\nboat: {0.__class__}, small, top",
    "a path": "background: sea\n../../etc/passwd: red, small, top",
    "a path for a colour": "background: sea\nboat: file:///etc/passwd, small, top",
    "a null byte": "background: sea\nboat: red\x00, small, top",
    "an escape": "background: sea\nboat: \x1b[31mred, small, top",
    "a carriage return": "background: sea\r\nboat: red, small, top",
    "another line separator": "background: sea\u2028boat: red, small, top",
    "a look-alike letter": "background: sea\nb\u043eat: red, small, top",
    "full-width letters": "background: sea\nboat: \uff52\uff45\uff44, small, top",
    "right to left": "background: sea\nboat: \u202ered, small, top",
    "a closing brace": "background: sea\nboat: red, small, top}",
    "TeX": "background: sea\nboat: $\\input{secret}$, small, top",
    "nesting": "background: " + "(" * 100_000 + ")" * 100_000,
    "a program in a program": "background: sea\nboat: red, small, top background: sea\nboat: red, "
    "small, top",
    "a letter with an accent": "background: sea\nboat: re\u0301d, small, top",
    "a letter of no width": "background: sea\nbo\u200bat: red, small, top",
    "a lone surrogate": "background: sea\nboat: \ud800, small, top",
    "markup": "background: sea\n<script>alert(1)</script>: red, small, top",
    "nothing": "",
    "no thing": "background: sea",
    "a last empty line": "background: sea\nboat: red, small, top\n",
    "an empty line": "background: sea\n\nboat: red, small, top",
    "upper case": "background: sea\nBoat: red, small, top",
    "two spaces": "background: sea\nboat:  red, small, top",
    "no background": "boat: red, small, top\nsun: red, small, top",
    "a word too many": "background: sea\nboat: red, small, top, extra",
    "too many things": "background: sea" + "\nboat: red, small, top" * (MOST_THINGS + 1),
    "long": "background: sea\n" + "a" * 10_000_000,
    "many lines": "\n" * 1_000_000,
    "many commas": "background: sea\nboat: " + "," * 5_000_000,
}


@pytest.mark.parametrize("program", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_program_is_refused_and_does_nothing(program, tmp_path, monkeypatch):
    """A long one is refused for its length, before anything of it is read."""
    monkeypatch.chdir(tmp_path)
    message = "has at most 300 characters" if len(program) > LONGEST else r"line \d|lines"
    with pytest.raises(ValueError, match=message) as caught:
        parse(program)
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "program", [None, 3, b"background: sea\nboat: red, small, top", ["background: sea"]]
)
def test_only_text_is_a_program(program):
    with pytest.raises(TypeError, match="a scene program is text"):
        parse(program)


def test_an_unknown_word_is_named_with_its_line_and_the_nearest_known_ones():
    with pytest.raises(
        ValueError,
        match=r"line 3: unknown colour 'gren'; near it: green, grey; known: red, .*, grey",
    ):
        parse("background: sea\nboat: red, small, top\ntree: gren, small, top")
    with pytest.raises(ValueError, match=r"line 2: unknown object 'zebra'; known: sun, moon"):
        parse("background: sea\nzebra: red, small, top")


def test_the_library_never_evaluates_a_program():
    folder = Path(scenes.__file__).parent
    for path in (*folder.glob("*.py"), *(folder.parent / "language").glob("*.py")):
        calls = (
            node.func
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
        )
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__", "literal_eval"}


# --- pictures -------------------------------------------------------------------------------------


def test_every_word_can_be_drawn():
    assert set(PARTS) == set(OBJECTS)
    assert set(RGB) == set(COLOURS)
    assert set(SKY_AND_GROUND) == set(BACKGROUNDS)


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_drawn_in_its_colour_and_place(name):
    for place, (column, row) in PLACES.items():
        picture = render(Scene("meadow", (Thing(name, "purple", "medium", place),)), 96)
        inked = (
            np.abs(picture.astype(int) - [int(RGB["purple"][i : i + 2], 16) for i in (1, 3, 5)]) < 3
        ).all(axis=-1)
        assert inked.sum() > 40
        y, x = np.argwhere(inked).mean(axis=0) / 96
        assert (int(x * 3), 2 - int(y * 3)) == (column, row), place


def test_a_picture_is_an_image_of_the_contract_and_always_the_same():
    picture = render(SCENE)
    assert picture.shape == (128, 128, 3)
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, render(SCENE))
    assert not np.array_equal(picture, render(SCENE._replace(background="night")))


def test_sizes_differ_in_area():
    def ink(size):
        picture = render(Scene("meadow", (Thing("ball", "red", size, "middle"),)), 96)
        return (np.abs(picture.astype(int) - (0xD6, 0x28, 0x28)) < 3).all(axis=-1).sum()

    assert ink("small") * 1.8 < ink("medium") < ink("large") / 1.8


def test_things_of_one_place_stand_beside_each_other():
    two = render(
        Scene(
            "meadow",
            (Thing("ball", "red", "small", "middle"), Thing("ball", "blue", "small", "middle")),
        ),
        96,
    )
    columns = {
        colour: np.argwhere((np.abs(two.astype(int) - rgb) < 3).all(axis=-1))[:, 1].mean()
        for colour, rgb in {"red": (0xD6, 0x28, 0x28), "blue": (0x2F, 0x6F, 0xD0)}.items()
    }
    assert columns["blue"] - columns["red"] > 10


def test_no_figure_is_left_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    render(SCENE)
    assert plt.get_fignums() == before


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="line 2: unknown colour 'None'"):
        render(Scene("sea", (Thing("boat"),)))
    with pytest.raises(ValueError, match="unknown background 'moon base'"):
        render(SCENE._replace(background="moon base"))
    with pytest.raises(ValueError, match="has a background line and 1 to 6 things"):
        render(Scene("sea", ()))
    for size in (0, -1, 10**6):
        with pytest.raises(ValueError, match=r"size must be in 32\.\.1024"):
            render(SCENE, size)


# --- captions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_caption_agrees_with_its_own_program(kind):
    captions = make_captions(400, 0, kind)
    for caption in captions:
        program = write(complete(caption.facts))
        found = agreement(program, caption.facts)
        assert found.exact and found.objects and found.colours_right == found.colours_said, (
            caption,
            program,
        )
    assert len({caption.text for caption in captions}) > 350


def test_captions_repeat_with_their_seed():
    assert make_captions(20, 3) == make_captions(20, 3)
    assert make_captions(20, 3) != make_captions(20, 4)
    with pytest.raises(ValueError, match="kind must be one of training, held out, other words"):
        make_captions(1, 0, "test")


def pairs(captions):
    return {
        (thing.object, thing.colour)
        for caption in captions
        for thing in caption.facts.scene.things
        if thing.colour
    }


def test_held_out_pairs_never_occur_in_training():
    training, held_out = (make_captions(4000, 0, kind) for kind in KINDS[:2])
    programs = {
        (thing.object, thing.colour)
        for caption in training
        for thing in complete(caption.facts).things
    }
    assert not (pairs(training) | programs) & HELD_OUT
    assert pairs(held_out) == HELD_OUT
    assert len(pairs(training)) == len(OBJECTS) * len(COLOURS) - len(HELD_OUT)
    for word in (*OBJECTS, *COLOURS):
        assert (
            0
            < sum(word in pair for pair in HELD_OUT)
            < sum(word in pair for pair in pairs(training))
        )


def test_held_out_words_and_frames_never_occur_in_training():
    text = "\n".join(caption.text.lower() for caption in make_captions(4000, 0))
    for names in tables.phrases()["other_names"].values():
        for word in names["other words"]:
            assert not re.search(rf"\b{word}(s|es)?\b", text), word
    for frames in tables.phrases()["frames"]["held out"].values():
        for frame in frames:
            beginning = frame.split("{}")[0]
            assert not beginning or beginning not in text
    assert " painted " not in text


def test_captions_are_clean_text():
    for kind in KINDS:
        for caption in make_captions(500, 1, kind):
            assert caption.text.isascii() and caption.text.isprintable()
            assert not re.search(r"  | ,|\{|\}| \.|,,", caption.text), caption.text
            assert len(caption.text) <= 250


# --- agreement ------------------------------------------------------------------------------------

FACTS = Facts(
    Scene(None, (Thing("boat", "red", "small"), Thing("sun", "yellow"))), ((1, "above", 0),)
)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (PROGRAM, (2, 2, True, True)),
        (PROGRAM.replace("red", "blue"), (1, 2, True, False)),
        (PROGRAM.replace("small", "large"), (2, 2, True, False)),
        (PROGRAM.replace("sun", "moon"), (1, 2, False, False)),
        (PROGRAM + "\ncat: red, small, top", (2, 2, False, False)),
        (PROGRAM.replace("top right", "bottom right"), (2, 2, True, False)),
        (PROGRAM.replace("sea", "night"), (2, 2, True, True)),
        ("a poem about the sea", (0, 2, False, False)),
    ],
)
def test_agreement_counts_what_was_said(program, expected):
    assert agreement(program, FACTS) == expected


def test_agreement_asks_for_the_said_background():
    facts = FACTS._replace(scene=FACTS.scene._replace(background="sea"))
    assert agreement(PROGRAM, facts).exact
    assert not agreement(PROGRAM.replace("background: sea", "background: snow"), facts).exact


def test_agreement_does_not_depend_on_the_order_of_things():
    facts = Facts(
        Scene(None, (Thing("ball", None), Thing("ball", "red"), Thing("ball", "blue", "large")))
    )
    lines = ["ball: green, small, top", "ball: blue, large, left", "ball: red, small, right"]
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)):
        assert agreement("\n".join(["background: sea", *(lines[i] for i in order)]), facts) == (
            2,
            2,
            True,
            True,
        )


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_decide_places(relation):
    for one in OBJECTS:
        for other in set(OBJECTS) - {one}:
            facts = Facts(Scene(None, (Thing(one), Thing(other))), ((0, relation, 1),))
            assert agreement(write(complete(facts)), facts).exact, (one, other)
            back = facts._replace(relations=((1, relation, 0),))
            assert not agreement(write(complete(facts)), back).exact
