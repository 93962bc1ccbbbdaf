"""A small language for scenes, in words: its tables, its grammar, its parser, and how well a
program fits a caption.

    background: sea
    boat: red, small, bottom left
    sun: yellow, large, top right

A program is data. It is read word by word against the tables below and never evaluated, so there is
nothing in it to run.
"""

import difflib
from typing import NamedTuple

BACKGROUNDS = ("meadow", "sea", "beach", "snow", "night")
COLOURS = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "black",
    "white",
    "grey",
)
SIZES = ("small", "medium", "large")
PLACES = {  # place -> column from the left, row from the bottom
    **{
        "top left": (0, 2),
        "top": (1, 2),
        "top right": (2, 2),
        "left": (0, 1),
        "middle": (1, 1),
        "right": (2, 1),
    },
    **{"bottom left": (0, 0), "bottom": (1, 0), "bottom right": (2, 0)},
}
IN_THE_SKY = {  # object -> the colour that it has where nobody says one
    **{
        "sun": "yellow",
        "moon": "yellow",
        "star": "yellow",
        "cloud": "white",
        "bird": "blue",
        "kite": "red",
    },
    **{"balloon": "red", "rocket": "grey"},
}
ON_THE_GROUND = {
    **{
        "house": "red",
        "castle": "grey",
        "tree": "green",
        "flower": "pink",
        "boat": "brown",
        "car": "red",
    },
    **{
        "fish": "orange",
        "cat": "black",
        "ball": "blue",
        "box": "brown",
        "apple": "red",
        "mushroom": "red",
    },
}
OBJECTS = {**IN_THE_SKY, **ON_THE_GROUND}
RELATIONS = ("above", "left of")
MOST_THINGS = 6
LONGEST = 300  # characters of a program

_THING = r"\n({}): ({}), ({}), ({})".format(
    *("|".join(words) for words in (OBJECTS, COLOURS, SIZES, PLACES))
)
# the whole language, for a constrained model
GRAMMAR = f"background: ({'|'.join(BACKGROUNDS)})({_THING}){{1,{MOST_THINGS}}}"

# Colours that an object never has in the training captions: two or three for each object, four or
# so for each colour.
HELD_OUT = frozenset(
    (thing, colour)
    for i, (thing, usual) in enumerate(OBJECTS.items())
    for j, colour in enumerate(COLOURS)
    if (3 * i + j) % 5 == 0 and colour != usual
)


class Thing(NamedTuple):
    """One object of a scene; `None` stands for what a caption does not say."""

    object: str
    colour: str | None = None
    size: str | None = None
    place: str | None = None


class Scene(NamedTuple):
    background: str | None
    things: tuple[Thing, ...]


class Facts(NamedTuple):
    """What a caption says: a scene with gaps, and relations (index of a thing, "above" or "left
    of", index of another).
    """

    scene: Scene
    relations: tuple[tuple[int, str, int], ...] = ()


def write(scene: Scene) -> str:
    """The program of a scene without gaps: `parse(write(scene)) == scene`."""
    things = (
        f"{thing.object}: {thing.colour}, {thing.size}, {thing.place}" for thing in scene.things
    )
    return "\n".join((f"background: {scene.background}", *things))


def parse(program: str) -> Scene:
    """Reads a program; accepts exactly the texts that match `GRAMMAR`.

    Raises `TypeError` for anything but text, and `ValueError` that names the line, what stands
    there and what may stand there.
    """
    if not isinstance(program, str):
        raise TypeError(f"a scene program is text, got {type(program).__name__}")
    if len(program) > LONGEST:
        raise ValueError(f"a scene program has at most {LONGEST} characters, got {len(program)}")
    first, *lines = program.split("\n")
    if not 1 <= len(lines) <= MOST_THINGS:
        raise ValueError(
            f"a scene program has a background line and 1 to {MOST_THINGS} things, got "
            f"{len(lines) + 1} lines"
        )
    label, _, background = first.partition(": ")
    if label != "background":
        raise ValueError(
            f"line 1: expected 'background: one of {', '.join(BACKGROUNDS)}', got {_shown(first)}"
        )
    _known(background, BACKGROUNDS, "background", 1)
    return Scene(
        background, tuple(_thing(line, number) for number, line in enumerate(lines, start=2))
    )


def _thing(line: str, number: int) -> Thing:
    name, colon, rest = line.partition(": ")
    words = rest.split(", ")
    if not colon or len(words) != 3:
        raise ValueError(
            f"line {number}: expected 'object: colour, size, place', got {_shown(line)}"
        )
    _known(name, OBJECTS, "object", number)
    for word, known, what in zip(
        words, (COLOURS, SIZES, PLACES), ("colour", "size", "place"), strict=True
    ):
        _known(word, known, what, number)
    return Thing(name, *words)


def _known(word: str, known, what: str, number: int) -> None:
    if word not in known:
        near = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise ValueError(
            f"line {number}: unknown {what} {_shown(word)}{hint}; known: {', '.join(known)}"
        )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def complete(facts: Facts) -> Scene:
    """Fills what a caption leaves open: the usual colour, medium size, a place that fits the object
    and the relations.

    Things of the sky share its top row, things of the ground stand side by side below; "above"
    takes the middle column.
    """
    scene, relations = facts
    places = {i: thing.place for i, thing in enumerate(scene.things) if thing.place}
    for i, relation, j in relations:
        grounded = [scene.things[k].object in ON_THE_GROUND for k in (i, j)]
        if relation == "above":
            wanted = ("middle" if all(grounded) else "top", "bottom" if grounded[1] else "middle")
        else:
            wanted = [
                f"{'bottom' if on_ground else 'top'} {side}"
                for on_ground, side in zip(grounded, ("left", "right"), strict=True)
            ]
        places.setdefault(i, wanted[0])
        places.setdefault(j, wanted[1])
    for row in (IN_THE_SKY, ON_THE_GROUND):
        members = [k for k, thing in enumerate(scene.things) if thing.object in row]
        spread = (
            ("left", "right", "")
            if len(members) > 1
            else ("right" if row is IN_THE_SKY else "", "left", "right")
        )
        wishes = [
            f"{'top' if row is IN_THE_SKY else 'bottom'} {side}".strip()
            for side in (*spread, *spread)
        ]
        for k in members:
            free = [wish for wish in wishes if wish not in places.values()]
            places.setdefault(k, (free or wishes)[0])
    filled = (
        Thing(
            thing.object, thing.colour or OBJECTS[thing.object], thing.size or "medium", places[k]
        )
        for k, thing in enumerate(scene.things)
    )
    names = {thing.object for thing in scene.things}
    usual = "sea" if names & {"boat", "fish"} else "night" if names & {"moon", "star"} else "meadow"
    return Scene(scene.background or usual, tuple(filled))


class Agreement(NamedTuple):
    """How a program fits a caption: colours right of those said, whether the objects are the
    ones asked for, all of it.
    """

    colours_right: int
    colours_said: int
    objects: bool
    exact: bool


def agreement(program: str, facts: Facts) -> Agreement:
    """Compares a program with what its caption says; a program that does not parse has nothing
    right.

    `exact` asks for every word said (objects, colours, sizes, places, background) and for the
    relations.
    """
    asked = facts.scene.things
    said = sum(thing.colour is not None for thing in asked)
    try:
        scene = parse(program)
    except ValueError:
        return Agreement(0, said, False, False)
    left = list(scene.things)
    pairs = []
    # those with most said choose first
    for thing in sorted(asked, key=lambda thing: -_words_right(thing, thing)):
        candidates = [candidate for candidate in left if candidate.object == thing.object]
        found = max(candidates, key=lambda candidate: _words_right(thing, candidate), default=None)
        if found:
            left.remove(found)
        pairs.append((thing, found))
    colours = sum(
        bool(found) and thing.colour is not None and thing.colour == found.colour
        for thing, found in pairs
    )
    objects = not left and all(found for _, found in pairs)
    words = objects and all(
        _words_right(thing, thing) == _words_right(thing, found) for thing, found in pairs
    )
    background = facts.scene.background in (None, scene.background)
    return Agreement(colours, said, objects, words and background and _related(facts, scene))


def _words_right(asked: Thing, found: Thing) -> int:
    return sum(word is not None and word == other for word, other in zip(asked, found, strict=True))


def _related(facts: Facts, scene: Scene) -> bool:
    def position(index):
        name = facts.scene.things[index].object
        return next(PLACES[thing.place] for thing in scene.things if thing.object == name)

    axis = {
        "above": lambda i, j: position(i)[1] > position(j)[1],
        "left of": lambda i, j: position(i)[0] < position(j)[0],
    }
    return all(axis[relation](i, j) for i, relation, j in facts.relations)
