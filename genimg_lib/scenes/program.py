"""A small language for scenes, in words.

    background: sea
    boat: red, small, bottom left
    sun: yellow, large, top right

Here are its words, its grammar and its parser, and how well a program fits a caption. A program is
data: it is read word by word against the tables of `words.toml` and never evaluated, so there is
nothing in it to run.
"""

import difflib
from typing import NamedTuple

from genimg_lib.scenes import tables

_WORDS = tables.words()
BACKGROUNDS = tuple(_WORDS["backgrounds"])
COLOURS = tuple(_WORDS["colours"])
SIZES = tuple(_WORDS["sizes"])
PLACES = {place: tuple(position) for place, position in _WORDS["places"].items()}
"""Place -> column from the left, row from the bottom."""
IN_THE_SKY = _WORDS["in_the_sky"]
ON_THE_GROUND = _WORDS["on_the_ground"]
OBJECTS = IN_THE_SKY | ON_THE_GROUND
"""Object -> the colour that it has where a caption does not say one."""
RELATIONS = ("above", "left of")
MOST_THINGS = 6
LONGEST = 300  # characters of a program


def _grammar() -> str:
    background = "|".join(BACKGROUNDS)
    thing_name = "|".join(OBJECTS)
    colour = "|".join(COLOURS)
    size = "|".join(SIZES)
    place = "|".join(PLACES)
    thing = rf"\n({thing_name}): ({colour}), ({size}), ({place})"
    return f"background: ({background})({thing}){{1,{MOST_THINGS}}}"


GRAMMAR = _grammar()
"""The whole language as a regular expression, for a constrained model."""


def _held_out_pairs() -> frozenset[tuple[str, str]]:
    """Two or three colours for each object, about four objects for each colour."""
    pairs = set()
    for row, (name, usual) in enumerate(OBJECTS.items()):
        for column, colour in enumerate(COLOURS):
            if (3 * row + column) % 5 == 0 and colour != usual:
                pairs.add((name, colour))
    return frozenset(pairs)


HELD_OUT = _held_out_pairs()
"""(object, colour): colours that an object never has in the training captions."""


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
    """What a caption says: a scene with gaps, and relations between its things.

    A relation is (index of a thing, "above" or "left of", index of another).
    """

    scene: Scene
    relations: tuple[tuple[int, str, int], ...] = ()


def write(scene: Scene) -> str:
    """The program of a scene without gaps: `parse(write(scene)) == scene`."""
    lines = [f"background: {scene.background}"]
    for thing in scene.things:
        lines.append(f"{thing.object}: {thing.colour}, {thing.size}, {thing.place}")
    return "\n".join(lines)


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
    _check_word(background, BACKGROUNDS, "background", 1)
    things = [_parse_thing(line, number) for number, line in enumerate(lines, start=2)]
    return Scene(background, tuple(things))


def _parse_thing(line: str, number: int) -> Thing:
    name, colon, rest = line.partition(": ")
    words = rest.split(", ")
    if not colon or len(words) != 3:
        raise ValueError(
            f"line {number}: expected 'object: colour, size, place', got {_shown(line)}"
        )
    colour, size, place = words
    _check_word(name, OBJECTS, "object", number)
    _check_word(colour, COLOURS, "colour", number)
    _check_word(size, SIZES, "size", number)
    _check_word(place, PLACES, "place", number)
    return Thing(name, colour, size, place)


def _check_word(word: str, known, what: str, number: int) -> None:
    if word not in known:
        near = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise ValueError(
            f"line {number}: unknown {what} {_shown(word)}{hint}; known: {', '.join(known)}"
        )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def complete(facts: Facts) -> Scene:
    """Fills what a caption leaves open.

    Things get their usual colour and the size "medium". Places follow the relations; otherwise
    things of the sky share the top row, and things on the ground stand side by side below.
    """
    things = facts.scene.things
    places = {index: thing.place for index, thing in enumerate(things) if thing.place}
    for first, relation, second in facts.relations:
        wanted = _related_places(things[first], relation, things[second])
        places.setdefault(first, wanted[0])
        places.setdefault(second, wanted[1])
    _place_in_row(places, things, IN_THE_SKY, "top", alone=("top right", "top left"))
    _place_in_row(
        places, things, ON_THE_GROUND, "bottom", alone=("bottom", "bottom left", "bottom right")
    )
    filled = []
    for index, thing in enumerate(things):
        colour = thing.colour or OBJECTS[thing.object]
        filled.append(Thing(thing.object, colour, thing.size or "medium", places[index]))
    return Scene(facts.scene.background or _usual_background(things), tuple(filled))


def _related_places(first: Thing, relation: str, second: Thing) -> tuple[str, str]:
    """Places for two related things: "above" takes the middle column, "left of" the corners."""
    first_on_ground = first.object in ON_THE_GROUND
    second_on_ground = second.object in ON_THE_GROUND
    if relation == "above":
        upper = "middle" if first_on_ground and second_on_ground else "top"
        lower = "bottom" if second_on_ground else "middle"
        return upper, lower
    left = "bottom left" if first_on_ground else "top left"
    right = "bottom right" if second_on_ground else "top right"
    return left, right


def _place_in_row(places: dict, things, objects: dict, row: str, alone: tuple[str, ...]) -> None:
    """Adds to `places` the things among `objects` that have none yet.

    A thing takes the first place that is free: of `alone` if it is the only one of its kind in the
    scene, else left, right and the middle of the row.
    """
    members = [index for index, thing in enumerate(things) if thing.object in objects]
    wishes = alone if len(members) == 1 else (f"{row} left", f"{row} right", row)
    for index in members:
        free = [wish for wish in wishes if wish not in places.values()]
        places.setdefault(index, free[0] if free else wishes[0])


def _usual_background(things) -> str:
    names = {thing.object for thing in things}
    if names & {"boat", "fish"}:
        return "sea"
    if names & {"moon", "star"}:
        return "night"
    return "meadow"


class Agreement(NamedTuple):
    """How well a program fits a caption.

    Attributes:
        colours_right: number of the said colours that the program has right.
        colours_said: number of colours that the caption says.
        objects: whether the program has the objects that the caption asks for, and no others.
        exact: whether it has everything that the caption says.
    """

    colours_right: int
    colours_said: int
    objects: bool
    exact: bool


def agreement(program: str, facts: Facts) -> Agreement:
    """Compares a program with what its caption says.

    `exact` asks for every word said (objects, colours, sizes, places, background) and for the
    relations. A program that does not parse has nothing right.
    """
    asked = facts.scene.things
    colours_said = sum(thing.colour is not None for thing in asked)
    try:
        scene = parse(program)
    except ValueError:
        return Agreement(0, colours_said, objects=False, exact=False)
    pairs, left_over = _match(asked, scene.things)
    colours_right = 0
    for thing, found in pairs:
        if found and thing.colour is not None and thing.colour == found.colour:
            colours_right += 1
    objects = not left_over and all(found for _, found in pairs)
    exact = (
        objects
        and all(_words_right(thing, found) == _words_said(thing) for thing, found in pairs)
        and facts.scene.background in (None, scene.background)
        and _relations_hold(facts, scene)
    )
    return Agreement(colours_right, colours_said, objects, exact)


def _match(asked, drawn) -> tuple[list[tuple[Thing, Thing | None]], list[Thing]]:
    """Pairs of an asked thing and the drawn one that fits it best, and what is left over.

    Things of which more is said choose first.
    """
    left_over = list(drawn)
    pairs = []
    for thing in sorted(asked, key=_words_said, reverse=True):
        candidates = [candidate for candidate in left_over if candidate.object == thing.object]
        found = None
        if candidates:
            found = max(candidates, key=lambda candidate: _words_right(thing, candidate))
            left_over.remove(found)
        pairs.append((thing, found))
    return pairs, left_over


def _words_said(asked: Thing) -> int:
    return sum(word is not None for word in asked)


def _words_right(asked: Thing, found: Thing) -> int:
    return sum(word is not None and word == other for word, other in zip(asked, found, strict=True))


def _relations_hold(facts: Facts, scene: Scene) -> bool:
    def position(index):
        name = facts.scene.things[index].object
        return next(PLACES[thing.place] for thing in scene.things if thing.object == name)

    for first, relation, second in facts.relations:
        first_column, first_row = position(first)
        second_column, second_row = position(second)
        if relation == "above" and not first_row > second_row:
            return False
        if relation == "left of" and not first_column < second_column:
            return False
    return True
