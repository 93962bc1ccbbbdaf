"""English captions for scenes, with what each of them says: made from tables of words and sentence
frames.

Training captions never join a colour and an object of `program.HELD_OUT`, nor use the held-out
frames and words below.
"""

from typing import NamedTuple

import numpy as np

from genimg_lib.scenes.program import (
    BACKGROUNDS,
    COLOURS,
    HELD_OUT,
    IN_THE_SKY,
    OBJECTS,
    PLACES,
    SIZES,
    Facts,
    Scene,
    Thing,
)

KINDS = ("training", "held out", "other words")


class Caption(NamedTuple):
    text: str
    facts: Facts


# What training captions call it, beside its own name; after the bar, what only captions of "other
# words" call it.
OTHER_NAMES = {
    **{
        "house": "home cottage | hut cabin",
        "boat": "ship | sailboat yacht",
        "car": "automobile | taxi vehicle",
    },
    **{
        "castle": "palace | fortress",
        "tree": "oak | pine maple",
        "flower": "rose tulip | daisy blossom",
    },
    **{
        "cat": "kitten | kitty",
        "box": "crate | chest",
        "bird": "sparrow | robin pigeon",
        "rocket": "spaceship | spacecraft",
    },
    **{
        "ball": "sphere | football",
        "mushroom": "toadstool | fungus",
        "fish": "goldfish | trout salmon",
    },
    **{
        "red": "crimson | scarlet",
        "blue": "navy | azure",
        "green": "lime | emerald",
        "purple": "violet | lavender lilac",
    },
    **{
        "yellow": "golden | lemon",
        "white": "snow-white | ivory",
        "grey": "gray | silver",
        "pink": "rosy | magenta",
    },
    **{
        "orange": "tangerine | amber",
        "brown": "chestnut | chocolate",
        "black": "jet-black | ebony",
    },
    **{
        "small": "little tiny | miniature wee",
        "large": "big huge | giant enormous",
        "medium": "medium-sized | mid-sized",
    },
}
# place -> how training captions say it | how held-out captions say it
PLACE_PHRASES = {
    **{
        place: f"at the {place}, at the very {place} | near the {place}"
        for place in ("top", "bottom")
    },
    "middle": "in the middle, in the centre | in the very middle",
    **{
        place: f"on the {place}, at the {place}, on the {place} side | at the {place} edge"
        for place in ("left", "right")
    },
    **{
        place: f"at the {place}, {place}, in the {place} corner | in the corner at the {place}"
        for place in PLACES
        if " " in place
    },
}
for _place in ("top left", "top right", "bottom left", "bottom right"):
    _upper = _place.replace("top", "upper").replace("bottom", "lower")
    PLACE_PHRASES[_place] = f"in the {_upper}, " + PLACE_PHRASES[_place]
BACKGROUND_PHRASES = {
    "meadow": "in a meadow, on a meadow, on the grass | on a green lawn",
    "sea": "at sea, by the sea, on the water | on the ocean",
    "beach": "on the beach, on a beach, on the sand | on a sandy shore",
    "snow": "in the snow, in winter | on a snowy day",
    "night": "at night, in the dark | after midnight",
}
FRAMES = {  # of one, two and three things, with | between them
    "training": (
        "{}|draw {}|there is {}|a picture of {}|I see {}|please draw {}|a scene with {}",
        "{} and {}|draw {} and {}|there is {} and {}|{} with {}|{} next to {}|a picture of {} and "
        "{}|{}, {}|"
        "there is {}. There is also {}|I see {} beside {}|I would like {} and also {}",
        "{}, {} and {}|draw {}, {} and {}|{} with {} and {}|a picture of {}, {} and {}|{}, {}, {}|"
        "there is {}, {}, and also {}|{} and {} next to {}",
    ),
    "held out": (
        "can you paint {} for me?|my drawing shows {}|show me {}|nothing but {}|once there was {}",
        "can you paint {} together with {}?|show me {}, and near it {}|what about {} plus {}?|{} "
        "as well as {}|"
        "my drawing has {}; it also has {}|{} along with {}",
        "can you paint {}, {}, plus {}?|show me {} as well as {}, and near them {}|first {}, then "
        "{}, finally {}|"
        "my drawing has {}, also {}; there is {} too",
    ),
}
# relation -> frames with the first thing first, frames with the second thing first
RELATION_FRAMES = {
    "above": (
        (
            "{} above {}",
            "{} over {}",
            "there is {} above {}",
            "draw {} above {} | {} high above {}",
        ),
        (
            "{} under {}",
            "{} below {}",
            "{} beneath {}",
            "a picture of {} under {} | {} somewhere underneath {}",
        ),
    ),
    "left of": (
        (
            "{} to the left of {}",
            "{} left of {}",
            "there is {} to the left of {} | {} on the left-hand side of {}",
        ),
        (
            "{} to the right of {}",
            "{} right of {}",
            "draw {} to the right of {} | {} on the right-hand side of {}",
        ),
    ),
}
NOUN_PHRASES = {  # for a thing with a colour; {} are its size and a space or nothing
    "training": ("{size}{colour} {noun}",) * 6
    + (
        "{colour} {size}{noun}",
        "{size}{noun} in {colour}",
        "{size}{noun} that is {colour}",
        "{noun}, {size}and {colour}",
    ),
    "held out": ("{size}{colour} {noun}",) * 3
    + ("{size}{noun} painted {colour}", "{size}{noun}, {colour} all over"),
}


def make_captions(count: int, seed: int, kind: str = "training") -> list[Caption]:
    """Draws `count` captions; the same seed gives the same ones.

    "training" captions are for tuning. In "held out" ones every colour that is said is one that its
    object never has in training, and the sentence frames are new too. "Other words" uses names of
    colours, objects and sizes that no training caption has, with known pairs and frames.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    generator = np.random.default_rng(seed)
    return [_Maker(generator, kind).caption() for _ in range(count)]


class _Maker:
    def __init__(self, generator: np.random.Generator, kind: str):
        self.generator, self.kind = generator, kind
        self.frames = "held out" if kind == "held out" else "training"

    def caption(self) -> Caption:
        count = self.pick((1, 2, 3), (0.4, 0.45, 0.15))
        names = self.generator.choice(list(OBJECTS), count, replace=False)
        things = [self.thing(str(name)) for name in names]
        relations = ()
        background = self.pick(BACKGROUNDS) if self.chance(0.3) else None
        if count == 2 and self.chance(0.4):
            text, things, relations = self.related(things)
        else:
            numbers = [self.pick((1, 2, 3), (0.88, 0.09, 0.03)) if count < 3 else 1 for _ in things]
            things = [
                thing._replace(place=None) if n > 1 else thing
                for thing, n in zip(things, numbers, strict=True)
            ]
            if self.frames == "training" and self.chance(0.12):
                text = self.pick((" and ", ", ", ". ")).join(map(self.sentence, things, numbers))
            else:
                phrases = map(self.noun_phrase, things, numbers)
                text = self.pick(FRAMES[self.frames][count - 1].split("|")).format(*phrases)
            things = [thing for thing, n in zip(things, numbers, strict=True) for _ in range(n)]
        if background:
            phrase = self.phrase(BACKGROUND_PHRASES[background])
            text = (
                f"{phrase}, {text}"
                if self.chance(0.4)
                else f"{text.removesuffix('?')} {phrase}{'?' * text.endswith('?')}"
            )
        if self.chance(0.5):
            text = text[0].upper() + text[1:] + ("" if text.endswith("?") else ".")
        return Caption(text, Facts(Scene(background, tuple(things)), relations))

    def thing(self, name: str) -> Thing:
        colours = [c for c in COLOURS if ((name, c) in HELD_OUT) == (self.kind == "held out")]
        colour = self.pick(colours) if self.kind == "held out" or self.chance(0.85) else None
        size = self.pick(SIZES, (0.45, 0.1, 0.45)) if self.chance(0.45) else None
        return Thing(name, colour, size, self.pick(list(PLACES)) if self.chance(0.35) else None)

    def related(self, things):
        """A caption for two things without said places; "under" and "right of" name the second
        thing first.
        """
        relation = self.pick(list(RELATION_FRAMES))
        if relation == "above" and things[0].object not in IN_THE_SKY:
            things = things[::-1]
        things = [thing._replace(place=None) for thing in things]
        swapped = int(self.chance(0.5))
        phrases = [self.noun_phrase(thing, 1) for thing in things]
        text = self.phrase(", ".join(RELATION_FRAMES[relation][swapped])).format(
            *(phrases[::-1] if swapped else phrases)
        )
        # things stand in the order of the words
        relations = ((1, relation, 0),) if swapped else ((0, relation, 1),)
        return text, things[::-1] if swapped else things, relations

    def noun_phrase(self, thing: Thing, number: int) -> str:
        size = self.word(thing.size) + " " if thing.size else ""
        noun = self.noun(thing, number)
        if thing.colour:
            frame = self.pick(NOUN_PHRASES[self.frames])
            if not size:
                frame = frame.replace("{size}and ", "")
            text = frame.format(size=size, colour=self.colour(thing), noun=noun)
        else:
            text = size + noun
        one = self.pick(("an" if text[0] in "aeiou" else "a", "the", "one"), (0.86, 0.1, 0.04))
        return f"{ {1: one, 2: 'two', 3: 'three'}[number] } {text}{self.place(thing)}"

    def sentence(self, thing: Thing, number: int) -> str:
        noun = self.noun(thing, number)
        if not thing.colour:
            return f"there {'is' if number == 1 else 'are'} {self.noun_phrase(thing, number)}"
        verb = {1: " is", 2: " are both", 3: " are all three"}[number]
        return (
            "the "
            f"{self.word(thing.size) + ' ' if thing.size else ''}{noun}{self.place(thing)}{verb} "
            f"{self.colour(thing)}"
        )

    def noun(self, thing: Thing, number: int) -> str:
        noun = self.word(thing.object)
        if number == 1 or noun == "fish":
            return noun
        return (
            noun[:-1] + "ies"
            if noun.endswith("y")
            else noun + ("es" if noun.endswith(("x", "s")) else "s")
        )

    def colour(self, thing: Thing) -> str:
        return (self.pick(("bright ", "dark ", "light ")) if self.chance(0.08) else "") + self.word(
            thing.colour
        )

    def place(self, thing: Thing) -> str:
        return f" {self.phrase(PLACE_PHRASES[thing.place])}" if thing.place else ""

    def word(self, word: str) -> str:
        known, _, unseen = OTHER_NAMES.get(word, "").partition(" | ")
        if self.kind == "other words" and unseen:
            return self.pick(unseen.split())
        return self.pick(known.split()) if known and self.chance(0.3) else word

    def phrase(self, phrases: str) -> str:
        known, _, unseen = phrases.partition(" | ")
        return self.pick((unseen if self.frames == "held out" else known).split(", "))

    def pick(self, options, probabilities=None):
        return options[self.generator.choice(len(options), p=probabilities)]

    def chance(self, probability: float) -> bool:
        return self.generator.random() < probability
