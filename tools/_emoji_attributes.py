"""What the code points of an emoji say: its base, skin tone, gender, time, flag, and the colour and
shape of the plain hearts, circles and squares.

A concept is a sequence of code points, in lower-case hexadecimal with hyphens between them and
without U+FE0F, such as `1f469-1f3fd-200d-1f52c` (woman scientist: medium skin tone).

Source: Unicode Technical Standard #51, "Unicode Emoji", sections 2.3 to 2.6 and annex B.
"""

import re
from typing import NamedTuple

JOINER = "200d"
FACING_RIGHT = "27a1"
TONES = {
    "1f3fb": "light",
    "1f3fc": "medium-light",
    "1f3fd": "medium",
    "1f3fe": "medium-dark",
    "1f3ff": "dark",
}
SIGNS = {"2640": "female", "2642": "male"}
PEOPLE = {  # code point: (the same person of no stated gender, gender)
    "1f468": ("1f9d1", "male"),
    "1f469": ("1f9d1", "female"),
    "1f9d1": ("1f9d1", "neutral"),
    "1f466": ("1f9d2", "male"),
    "1f467": ("1f9d2", "female"),
    "1f9d2": ("1f9d2", "neutral"),
    "1f474": ("1f9d3", "male"),
    "1f475": ("1f9d3", "female"),
    "1f9d3": ("1f9d3", "neutral"),
    "1f934": ("1fac5", "male"),  # prince
    "1f478": ("1fac5", "female"),  # princess
    "1fac5": ("1fac5", "neutral"),  # person with crown
    "1fac3": ("1fac4", "male"),  # pregnant
    "1f930": ("1fac4", "female"),
    "1fac4": ("1fac4", "neutral"),
    "1f57a": ("1f483", "male"),  # dancing
    "1f483": ("1f483", "female"),
}
SPELLED_OUT = {  # one code point that means the same as a sequence, which has tones or genders
    "1f385": "1f468-200d-1f384",  # Santa Claus
    "1f936": "1f469-200d-1f384",  # Mrs. Claus
    "1f46b": "1f469-200d-1f91d-200d-1f468",  # holding hands
    "1f46c": "1f468-200d-1f91d-200d-1f468",
    "1f46d": "1f469-200d-1f91d-200d-1f469",
    "1f48f": "1f9d1-200d-2764-200d-1f48b-200d-1f9d1",  # kiss
    "1f491": "1f9d1-200d-2764-200d-1f9d1",  # couple with heart
    "1f91d": "1faf1-200d-1faf2",  # handshake
    "1f46f": "1f9d1-200d-1f430-200d-1f9d1",  # with bunny ears
    "1f93c": "1f9d1-200d-1faef-200d-1f9d1",  # wrestling
}
COLOURED = re.compile(
    r"(?P<colour>red|orange|yellow|green|blue|light blue|purple|brown|black|white|grey|pink)"
    r"(?: large| medium| medium-small| small)? (?P<shape>heart|circle|square)"
)
FIRST_CLOCK = 0x1F550  # one o'clock to twelve o'clock, then half past one to half past twelve
REGIONAL_A = 0x1F1E6


class Attributes(NamedTuple):
    """Empty strings where a concept has no such attribute."""

    base: str  # what is left without tone, gender and direction
    skin_tone: str  # "dark"; "dark, light" for two people who differ
    gender: str  # "female", "male", "neutral" or, for people who differ, "mixed"
    shape: str  # "heart", "circle" or "square"
    colour: str  # of that shape
    time: str  # "07:30"
    flag: str  # of a region, "FR", or of a subdivision, "gbeng"


def parse(concept: str, english_name: str) -> Attributes:
    """What a concept says; colours are read from its English name, the rest from code points."""
    base, tone, gender = person(concept)
    found = COLOURED.fullmatch(english_name)
    shape, colour = (found["shape"], found["colour"]) if found else ("", "")
    time = clock_time(concept)
    if time:
        base = "clock"
    elif shape:
        base = shape
    return Attributes(base, tone, gender, shape, colour, time, flag(concept))


def person(concept: str) -> tuple[str, str, str]:
    """The base of a concept, its skin tone, and its gender.

    A person without a sign of gender is left without a gender here where the sequence names none:
    see `neutral_where_others_are_not`.
    """
    points = concept.split("-")
    tones = [TONES[point] for point in points if point in TONES]
    points = [point for point in points if point not in TONES]
    if points[0] in SPELLED_OUT:
        points = SPELLED_OUT[points[0]].split("-") + points[1:]
    genders = [SIGNS[point] for point in points[1:] if point in SIGNS]
    points = without_joined(points, {*SIGNS, FACING_RIGHT})
    if not genders:
        genders = [PEOPLE[point][1] for point in points if point in PEOPLE]
    base = "-".join(PEOPLE[point][0] if point in PEOPLE else point for point in points)
    gender = "mixed" if len(set(genders)) > 1 else "".join(genders[:1])
    return base, ", ".join(dict.fromkeys(tones)), gender


def without_joined(points: list[str], removed: set[str]) -> list[str]:
    """The code points without those removed that follow a joiner, and without that joiner."""
    first, *joined = "-".join(points).split(f"-{JOINER}-")
    kept = [first, *(part for part in joined if part not in removed)]
    return f"-{JOINER}-".join(kept).split("-")


def neutral_where_others_are_not(found: dict[str, Attributes]) -> dict[str, Attributes]:
    """The attributes of concepts, "neutral" where no gender is stated and others of that base state
    one: a runner, whom `woman running` and `man running` share a base with.
    """
    gendered = {attributes.base for attributes in found.values() if attributes.gender}
    return {
        concept: attributes._replace(gender="neutral")
        if attributes.base in gendered and not attributes.gender
        else attributes
        for concept, attributes in found.items()
    }


def clock_time(concept: str) -> str:
    """The time that a clock face shows, "12:00" or "07:30"; empty for any other concept."""
    if "-" in concept or not 0 <= (place := int(concept, 16) - FIRST_CLOCK) < 24:
        return ""
    return f"{place % 12 + 1:02}:{'30' if place >= 12 else '00'}"


def flag(concept: str) -> str:
    """The code of the region whose flag it is, "FR", or of the subdivision, "gbeng"; or empty."""
    points = [int(point, 16) for point in concept.split("-")]
    letters = [point - REGIONAL_A for point in points]
    if len(points) == 2 and all(0 <= letter < 26 for letter in letters):
        return "".join(chr(ord("A") + letter) for letter in letters)
    if points[0] == 0x1F3F4 and points[-1] == 0xE007F:  # a black flag and tag characters
        return "".join(chr(point - 0xE0000) for point in points[1:-1])
    return ""
