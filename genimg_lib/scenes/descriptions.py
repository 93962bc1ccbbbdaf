"""English captions for scenes, with what each of them says.

They are made from the words and sentence frames of `phrases.toml`. Training captions never join a
colour and an object of `program.HELD_OUT`, and never use the held-out frames or the other words.
"""

from typing import NamedTuple

import numpy as np

from genimg_lib.data.arguments import check_one_of
from genimg_lib.scenes import tables
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

KINDS = tables.KINDS


class Caption(NamedTuple):
    text: str
    facts: Facts


def make_captions(count: int, seed: int, kind: str = "training") -> list[Caption]:
    """Makes `count` random captions; the same seed gives the same ones.

    "training" captions are for tuning. In "held out" ones every colour that is said is one that its
    object never has in training, and the sentence frames are new too. "other words" uses names of
    colours, objects and sizes that no training caption has, with known pairs and frames. Raises
    `ValueError` for another kind.
    """
    check_one_of("kind", kind, KINDS)
    maker = _CaptionMaker(np.random.default_rng(seed), kind)
    return [maker.caption() for _ in range(count)]


class _CaptionMaker:
    def __init__(self, generator: np.random.Generator, kind: str):
        self.generator = generator
        self.kind = kind
        self.phrases = tables.phrases()
        self.frames = "held out" if kind == "held out" else "training"

    # --- whole captions ---

    def caption(self) -> Caption:
        count = self.pick((1, 2, 3), (0.4, 0.45, 0.15))
        names = self.generator.choice(list(OBJECTS), count, replace=False)
        things = [self.thing(str(name)) for name in names]
        background = self.pick(BACKGROUNDS) if self.chance(0.3) else None
        relations = ()
        if count == 2 and self.chance(0.4):
            text, things, relations = self.related(things)
        else:
            text, things = self.listed(things)
        if background:
            text = self.with_background(text, background)
        if self.chance(0.5):
            text = text[0].upper() + text[1:]
            text += "" if text.endswith("?") else "."
        return Caption(text, Facts(Scene(background, tuple(things)), relations))

    def thing(self, name: str) -> Thing:
        """A thing of that name; colour, size and place are `None` where the caption is silent."""
        only_held_out = self.kind == "held out"
        colours = [word for word in COLOURS if ((name, word) in HELD_OUT) == only_held_out]
        colour = self.pick(colours) if only_held_out or self.chance(0.85) else None
        size = self.pick(SIZES, (0.45, 0.1, 0.45)) if self.chance(0.45) else None
        place = self.pick(list(PLACES)) if self.chance(0.35) else None
        return Thing(name, colour, size, place)

    def related(self, things):
        """Text, things in the order of the words, and the relation of two things without places.

        "Under" and "right of" name the second thing of the relation first.
        """
        relation = self.pick(list(self.phrases["relations"]))
        if relation == "above" and things[0].object not in IN_THE_SKY:
            things = things[::-1]
        things = [thing._replace(place=None) for thing in things]
        order = "backward" if self.chance(0.5) else "forward"
        phrases = [self.noun_phrase(thing, 1) for thing in things]
        frame = self.phrase(self.phrases["relations"][relation][order])
        if order == "forward":
            return frame.format(*phrases), things, ((0, relation, 1),)
        return frame.format(*phrases[::-1]), things[::-1], ((1, relation, 0),)

    def listed(self, things):
        """Text and things of a caption that names things side by side, some of them twice or
        thrice.
        """
        numbers = [self.number(len(things)) for _ in things]
        numbered = []
        for thing, number in zip(things, numbers, strict=True):
            numbered.append((thing._replace(place=None) if number > 1 else thing, number))
        if self.frames == "training" and self.chance(0.12):
            separator = self.pick((" and ", ", ", ". "))
            text = separator.join(self.sentence(thing, number) for thing, number in numbered)
        else:
            frame = self.pick(self.phrases["frames"][self.frames][tables.COUNTS[len(things) - 1]])
            text = frame.format(*(self.noun_phrase(thing, number) for thing, number in numbered))
        return text, [thing for thing, number in numbered for _ in range(number)]

    def number(self, count: int) -> int:
        """How many of one thing stand in a caption of `count` things: never more than six."""
        return self.pick((1, 2, 3), (0.88, 0.09, 0.03)) if count < 3 else 1

    def with_background(self, text: str, background: str) -> str:
        phrase = self.phrase(self.phrases["backgrounds"][background])
        if self.chance(0.4):
            return f"{phrase}, {text}"
        if text.endswith("?"):
            return f"{text.removesuffix('?')} {phrase}?"
        return f"{text} {phrase}"

    # --- parts of a sentence ---

    def noun_phrase(self, thing: Thing, number: int) -> str:
        size = self.size(thing)
        noun = self.noun(thing, number)
        if thing.colour:
            frame = self.noun_frame()
            if not size:
                frame = frame.replace("{size}and ", "")
            text = frame.format(size=size, colour=self.colour(thing), noun=noun)
        else:
            text = size + noun
        indefinite = "an" if text[0] in "aeiou" else "a"
        article = self.pick((indefinite, "the", "one"), (0.86, 0.1, 0.04))
        first = {1: article, 2: "two", 3: "three"}[number]
        return f"{first} {text}{self.place(thing)}"

    def noun_frame(self) -> str:
        """A frame for a thing with a colour, each as often as its weight says."""
        weighted = []
        for entry in self.phrases["noun_phrases"][self.frames]:
            weighted += [entry["frame"]] * entry["weight"]
        return self.pick(weighted)

    def sentence(self, thing: Thing, number: int) -> str:
        """A main clause: "the small boat on the left is red", or "there is a boat"."""
        noun = self.noun(thing, number)
        if not thing.colour:
            return f"there {'is' if number == 1 else 'are'} {self.noun_phrase(thing, number)}"
        subject = f"the {self.size(thing)}{noun}{self.place(thing)}"
        verb = {1: "is", 2: "are both", 3: "are all three"}[number]
        return f"{subject} {verb} {self.colour(thing)}"

    def size(self, thing: Thing) -> str:
        return f"{self.word(thing.size)} " if thing.size else ""

    def noun(self, thing: Thing, number: int) -> str:
        noun = self.word(thing.object)
        if number == 1 or noun == "fish":
            return noun
        if noun.endswith("y"):
            return noun[:-1] + "ies"
        if noun.endswith(("x", "s")):
            return noun + "es"
        return noun + "s"

    def colour(self, thing: Thing) -> str:
        shade = self.pick(("bright ", "dark ", "light ")) if self.chance(0.08) else ""
        return shade + self.word(thing.colour)

    def place(self, thing: Thing) -> str:
        return f" {self.phrase(self.phrases['places'][thing.place])}" if thing.place else ""

    # --- choices ---

    def word(self, word: str) -> str:
        """The word itself or another name for it, as the kind of caption allows."""
        names = self.phrases["other_names"].get(word)
        if names is None:
            return word
        if self.kind == "other words":
            return self.pick(names["other words"])
        return self.pick(names["training"]) if self.chance(0.3) else word

    def phrase(self, phrases: dict[str, list[str]]) -> str:
        return self.pick(phrases[self.frames])

    def pick(self, options, probabilities=None):
        return options[self.generator.choice(len(options), p=probabilities)]

    def chance(self, probability: float) -> bool:
        return self.generator.random() < probability
