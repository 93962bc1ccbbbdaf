"""The tables of words beside this file: read once and checked.

`words.toml` holds the words of scene programs, `phrases.toml` the English of captions.
"""

import functools
import re
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = ("training", "held out", "other words")
COUNTS = ("one", "two", "three")


@functools.cache
def words() -> dict:
    """The table of `words.toml`. Raises `ValueError` where `check_words` does."""
    table = _read("words.toml")
    check_words(table)
    return table


@functools.cache
def phrases() -> dict:
    """The table of `phrases.toml`. Raises `ValueError` where `check_phrases` does."""
    table = _read("phrases.toml")
    check_phrases(table, words())
    return table


def _read(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def check_words(table: dict) -> None:
    """Raises `ValueError` for a missing table, a malformed entry, or a word that stands twice."""
    _expect_keys(
        "words.toml",
        table,
        ("colours", "backgrounds", "sizes", "places", "in_the_sky", "on_the_ground"),
    )
    painted = [*table["colours"].values()]
    for background in table["backgrounds"].values():
        painted += [background["sky"], background["ground"]]
    for colour in painted:
        if not re.fullmatch("#[0-9a-f]{6}", colour):
            raise ValueError(f"words.toml: expected a colour as #rrggbb, got {colour!r}")
    for objects in (table["in_the_sky"], table["on_the_ground"]):
        for name, usual in objects.items():
            if usual not in table["colours"]:
                raise ValueError(f"words.toml: {name} has the unknown colour {usual!r}")
    for place, position in table["places"].items():
        if len(position) != 2 or not set(position) <= {0, 1, 2}:
            raise ValueError(f"words.toml: {place} is at {position}, expected two of 0, 1, 2")
    every_word = [word for words in table.values() for word in words]
    for word in every_word:
        if not re.fullmatch("[a-z]+( [a-z]+)?", word):
            raise ValueError(
                f"words.toml: expected one or two words of small letters, got {word!r}"
            )
        if every_word.count(word) > 1:
            raise ValueError(f"words.toml: {word!r} stands in more than one table")


def check_phrases(table: dict, words: dict) -> None:
    """Raises `ValueError` for phrases of unknown words, a missing kind, or a frame with other gaps.

    A frame has one `{}` for each thing that it names, and {size}, {colour} and {noun} where the
    thing has a colour.
    """
    _expect_keys(
        "phrases.toml",
        table,
        ("other_names", "places", "backgrounds", "frames", "relations", "noun_phrases"),
    )
    known = {word for group in words.values() for word in group}
    for word, names in table["other_names"].items():
        if word not in known:
            raise ValueError(f"phrases.toml: other names for the unknown word {word!r}")
        _expect_keys(f"phrases.toml: other names of {word}", names, ("training", "other words"))
    for group in ("places", "backgrounds"):
        _expect_keys(f"phrases.toml: {group}", table[group], words[group])
        for word, phrases in table[group].items():
            _expect_keys(f"phrases.toml: {word}", phrases, ("training", "held out"))
    _expect_keys("phrases.toml: frames", table["frames"], ("training", "held out"))
    for frames in table["frames"].values():
        _expect_keys("phrases.toml: frames", frames, COUNTS)
        for number, count in enumerate(COUNTS, start=1):
            _expect_gaps(frames[count], number)
    for relation, orders in table["relations"].items():
        _expect_keys(f"phrases.toml: {relation}", orders, ("forward", "backward"))
        for frames in orders.values():
            _expect_keys(f"phrases.toml: {relation}", frames, ("training", "held out"))
            _expect_gaps([*frames["training"], *frames["held out"]], 2)
    _expect_keys("phrases.toml: noun_phrases", table["noun_phrases"], ("training", "held out"))
    for entries in table["noun_phrases"].values():
        for entry in entries:
            gaps = sorted(re.findall(r"\{(.*?)\}", entry["frame"]))
            if gaps != ["colour", "noun", "size"] or entry["weight"] < 1:
                raise ValueError(f"phrases.toml: no frame for a coloured thing: {entry}")


def _expect_keys(where: str, table: dict, keys) -> None:
    if set(table) != set(keys) or not all(table.values()):
        raise ValueError(
            f"{where}: expected {', '.join(keys)}, none of them empty, got {', '.join(table)}"
        )


def _expect_gaps(frames: list[str], number: int) -> None:
    for frame in frames:
        if frame.count("{}") != number or "{" in frame.replace("{}", ""):
            raise ValueError(f"phrases.toml: expected {number} gaps {{}} in the frame {frame!r}")
