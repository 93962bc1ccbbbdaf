"""Which emoji pictures a model may learn from, and which test what it does with the unseen.

The rule was fixed before any model was trained. One number in [0, 1), the hash of its name, says
what happens to a base (a concept without tone, gender and direction):

    below 0.05         unseen concept: every picture of the base is held out
    0.05 to 0.17       unseen style: all its pictures in one of its styles
    0.17 to 0.42       unseen tone: one in five of its skin tones, in all styles and genders
    0.42 to 0.62       unseen gender: one of its genders, in all styles and tones

Clocks and the plain coloured shapes have rules of their own: three of the twelve full hours, three
of the half hours, and two colours of each shape which the other shapes keep. Then every held-out
picture that looks like one of the training set, or whose premise fails (its concept, base or colour
is not known from training), is left out: it is in no other part.
"""

import hashlib

import numpy as np

from genimg_lib.data.emoji_set import PARTS

CONCEPT, STYLE, TONE, GENDER = 0.05, 0.17, 0.42, 0.62
HELD_OUT_TIMES = 3  # of the full hours, and as many of the half hours
HELD_OUT_COLOURS = 2
# Root mean square difference of levels from 0 to 255, over all pixels and channels. Below it are
# pairs such as `man firefighter` and `firefighter` in one style; held-out clocks are 11 away.
NEAR = 10.0
GENDERS = ("female", "male", "neutral")


def score(*words: str) -> float:
    """A number in [0, 1) that depends on the words alone."""
    digest = hashlib.sha256("\n".join(("genimg emoji", *words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def lowest(candidates, count: int, *words: str) -> list[str]:
    """The `count` candidates of the lowest score."""
    return sorted(candidates, key=lambda candidate: score(*words, candidate))[:count]


def held_out_colours(colours_of: dict[str, set[str]]) -> set[tuple[str, str]]:
    """(shape, colour) pairs: for each shape, colours that another shape has and does not lose."""
    held_out = set()
    for shape in sorted(colours_of):
        taken = {colour for _, colour in held_out}
        shared = {
            colour
            for colour in colours_of[shape] - taken
            if any(colour in colours_of[other] for other in colours_of.keys() - {shape})
        }
        chosen = lowest(shared, HELD_OUT_COLOURS, "colour", shape)
        held_out |= {(shape, colour) for colour in chosen}
    return held_out


def held_out_times(times: set[str]) -> set[str]:
    """Of times such as "07:30": as many full as half hours."""
    return {
        time
        for minutes in ("00", "30")
        for time in lowest((t for t in times if t.endswith(minutes)), HELD_OUT_TIMES, "time")
    }


def part_of_base(base: str, rows: list[dict]) -> list[str]:
    """The part of each picture of a base that is neither a clock nor a coloured shape."""
    place = score("base", base)
    if place < CONCEPT:
        return ["unseen concept"] * len(rows)
    part, key, count = None, "", 1
    if place < STYLE:
        part, key = "unseen style", "style"
        candidates = {row["style"] for row in rows}
    elif place < TONE:
        part, key = "unseen tone", "skin_tone"
        candidates = {row["skin_tone"] for row in rows} - {""}
        count = max(1, round(len(candidates) / 5))
    elif place < GENDER:
        part, key = "unseen gender", "gender"
        candidates = {row["gender"] for row in rows} & set(GENDERS)
    if part is None or len(candidates) < 2:
        return ["training"] * len(rows)
    chosen = lowest(candidates, count, key, base)
    return [part if row[key] in chosen else "training" for row in rows]


def by_rule(rows: list[dict]) -> list[str]:
    """The part of each picture, before the look at the pictures; rows have `style`, `concept` and
    the fields of `Attributes`.
    """
    colours_of: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row["base"], []).append(place)
        if row["shape"]:
            colours_of.setdefault(row["shape"], set()).add(row["colour"])
    colours = held_out_colours(colours_of)
    times = held_out_times({row["time"] for row in rows} - {""})
    parts = [""] * len(rows)
    for base, found in places.items():
        for place, part in zip(
            found, part_of_base(base, [rows[place] for place in found]), strict=True
        ):
            row = rows[place]
            if row["time"]:
                part = "unseen time" if row["time"] in times else "training"
            elif row["shape"]:
                held_out = (row["shape"], row["colour"]) in colours
                part = "unseen colour" if held_out else "training"
            parts[place] = part
    return parts


# --- what must be known ---------------------------------------------------------------------------

# What a held-out picture shares with training: each of these combinations must be there.
KNOWN = {
    "unseen concept": [("style",)],
    "unseen style": [("concept",), ("style",)],
    "unseen tone": [("base", "style"), ("skin_tone",)],
    "unseen gender": [("base", "style"), ("gender",)],
    "unseen colour": [("shape", "style"), ("colour",)],
    "unseen time": [("base", "style")],
}


def premise_holds(rows: list[dict], parts: list[str]) -> list[bool]:
    """For each picture, whether training has what its part takes for known."""
    training = [row for row, part in zip(rows, parts, strict=True) if part == "training"]
    wanted = {keys for combinations in KNOWN.values() for keys in combinations}
    known = {keys: {tuple(row[key] for key in keys) for row in training} for keys in wanted}
    return [
        all(tuple(row[key] for key in keys) in known[keys] for keys in KNOWN.get(part, ()))
        for row, part in zip(rows, parts, strict=True)
    ]


def nearest(images: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each image (n, height, width, channels) the root mean square difference to the nearest of
    the others, and the index of that one.

    Distances in floating point choose the nearest, integers say how far it is: the same on every
    processor, but for ties.
    """
    flat = others.reshape(len(others), -1).astype(np.float32)
    squares = np.einsum("ij,ij->i", flat, flat)
    distances, indices = [], []
    for start in range(0, len(images), 256):
        block = images[start : start + 256].reshape(-1, flat.shape[1])
        cross = block.astype(np.float32) @ flat.T
        found = np.argmin(squares - 2 * cross, axis=1)
        difference = block.astype(np.int32) - others.reshape(len(others), -1)[found]
        distances.append(np.sqrt(np.mean(difference**2, axis=1)))
        indices.append(found)
    return np.concatenate(distances), np.concatenate(indices)


def split(rows: list[dict], images: np.ndarray) -> np.ndarray:
    """The part of each picture, as an index into `PARTS`: (n,) `uint8`."""
    parts = by_rule(rows)
    holds = premise_holds(rows, parts)
    training = np.array([part == "training" for part in parts])
    distances, _ = nearest(images, images[training])
    for place, part in enumerate(parts):
        if part != "training" and not (holds[place] and distances[place] > NEAR):
            parts[place] = "left out"
    return np.array([PARTS.index(part) for part in parts], np.uint8)
