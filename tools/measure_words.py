"""Measures what a writer in colour understands of words, and what it only remembers.

    uv run tools/measure_words.py               # all
    uv run tools/measure_words.py --count 50    # fewer prompts for each row

The writer is `text_flow`, which `tools/train_weights.py text_flow` trains. The judge is the namer
`emoji_namer`, which has no part in that training. Beside each score stand its own score on the
real pictures, the ceiling, and that of pictures made without any words, the floor. Writes
benchmarks/words.json and, the same as a table, benchmarks/words.md.
"""

import os
import statistics
import time

import numpy as np
from _shared import BENCHMARKS, command_line, emoji, emoji_part, naming, write_json

from genimg_lib import evaluation, lesson
from genimg_lib.data.emoji_words import LANGUAGES

WRITER = "text_flow"
KNOWN = "training"
COMBINATIONS = (
    "unseen style",
    "unseen tone",
    "unseen gender",
    "unseen colour",
    "unseen time",
    "unseen concept",
)
ATTRIBUTES = {  # of a part: what is new in it, as an array of `EmojiSet`
    "unseen style": "styles",
    "unseen tone": "skin_tones",
    "unseen gender": "genders",
    "unseen colour": "colours",
    "unseen time": "times",
}
COLUMNS = {
    "english": "English",
    "chinese": "Chinese",
    "ceiling": "real pictures",
    "floor": "no words",
}


def prompts(rows, language: str) -> list[str]:
    """The style, then the name, of those pictures."""
    names = emoji().names[language][rows]
    return [f"{style} {name}" for style, name in zip(emoji().styles[rows], names, strict=True)]


def chosen_rows(part: str, count: int) -> np.ndarray:
    """At most `count` pictures of a part, always the same."""
    rows = emoji_part(part)
    random = np.random.default_rng(0)
    return np.sort(random.choice(rows, min(count, len(rows)), replace=False))


def judged(writer, judge, part: str, count: int) -> tuple[dict, np.ndarray]:
    """The judge's scores of a part, by column, and the pictures of the English prompts."""
    rows = chosen_rows(part, count)
    drawn = {
        language: writer.generate(len(rows), prompts(rows, language), seed=1)
        for language in LANGUAGES
    }
    pictures = drawn | {
        "ceiling": emoji().images[rows],
        "floor": writer.generate(len(rows), seed=1, guidance=1.0),
    }
    scores = {
        column: naming(judge, images, rows) | attribute(judge, images, part, rows)
        for column, images in pictures.items()
    }
    return {"prompts": len(rows), **scores}, drawn["english"]


def attribute(judge, images, part: str, rows) -> dict:
    """How often the judge sees what is new in the part: that of its first concept, or the style.

    Five names may be one person in five skin tones, so "in five" does not say whether the tone is
    right.
    """
    if part not in ATTRIBUTES:
        return {}
    of_pictures = getattr(emoji(), ATTRIBUTES[part])
    if part == "unseen style":
        seen = judge.styles(images)
    else:
        of_concept = dict(zip(emoji().concepts, of_pictures, strict=True))
        first = judge.concepts[judge.best(images, 1)[:, 0]]
        seen = np.array([of_concept[concept] for concept in first])
    return {"new": round(float(np.mean(seen == of_pictures[rows])), 3)}


def memory(samples: np.ndarray) -> dict:
    """How near samples and real unseen pictures are to one training picture; see `copies`."""
    training = emoji().images[emoji_part(KNOWN)]
    unseen = emoji().images[chosen_rows("unseen concept", len(samples))]
    result = {}
    of_unseen = evaluation.copies.nearest(unseen, training)
    for name, images in (("samples", samples), ("real unseen pictures", unseen)):
        found = evaluation.copies.nearest(images, training)
        result[name] = {
            "copies": round(found.copies, 3),
            "nearer than the median unseen one": round(
                float(np.mean(found.ratios < np.median(of_unseen.ratios))), 3
            ),
            "median distance": round(float(np.median(found.distances)), 1),
        }
    return result


def speed(writer) -> dict:
    """Seconds for one picture, and pictures per second in batches of 64: medians of five runs."""

    def seconds(count: int) -> float:
        writer.generate(count, "red heart", seed=0)  # compiles
        runs = []
        for _ in range(5):
            start = time.perf_counter()
            writer.generate(count, "red heart", seed=0)
            runs.append(time.perf_counter() - start)
        return statistics.median(runs)

    return {
        "cores": len(os.sched_getaffinity(0)),
        "seconds for one picture": round(seconds(1), 3),
        "pictures per second, batch 64": round(64 / seconds(64), 1),
    }


def table(result: dict) -> str:
    """The result as a page."""
    lines = [
        "# What the writer in colour understands",
        "",
        "Written by `uv run tools/measure_words.py`; do not edit. Share of pictures in which the"
        " namer has the concept among its first five, the share whose style it recognises, and"
        " where one attribute is new, the share in which it sees that one.",
        "",
        f"| prompts | number | {' | '.join(COLUMNS.values())} |",
        "|---|---|---|---|---|---|",
    ]
    for part, scores in result["judged"].items():
        cells = [
            ", ".join(
                f"{scores[column][key]:.0%}{unit}"
                for key, unit in (("in five", ""), ("style", " style"), ("new", " new"))
                if key in scores[column]
            )
            for column in COLUMNS
        ]
        name = "known words" if part == KNOWN else part
        lines.append(f"| {name} | {scores['prompts']} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Memory",
        "",
        "Known words, English. A picture is a copy if one training picture is twice as near as its"
        " other neighbours.",
        "",
        "| pictures | copies | nearer to one than the median unseen picture | median distance |",
        "|---|---|---|---|",
    ]
    for name, row in result["memory"].items():
        cells = [f"{value:.0%}" for value in list(row.values())[:2]]
        lines.append(f"| {name} | {' | '.join(cells)} | {row['median distance']} |")
    lines += ["", "## Speed", ""]
    for name, value in result["speed"].items():
        lines.append(f"- {name}: {value}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--count", type=int, default=200, help="prompts for each row, at most")
    count = parser.parse_args().count
    lesson.start()
    writer = evaluation.pretrained.load(WRITER)
    judge = evaluation.pretrained.load("emoji_namer")
    result = {"judged": {}}
    for part in (KNOWN, *COMBINATIONS):
        result["judged"][part], drawn = judged(writer, judge, part, count)
        print(part, result["judged"][part], flush=True)
        if part == KNOWN:
            result["memory"] = memory(drawn)
    result["speed"] = speed(writer)
    write_json(BENCHMARKS / "words.json", result)
    (BENCHMARKS / "words.md").write_text(table(result))


if __name__ == "__main__":
    main()
