"""Measures what the writers in colour understand of words, and what they only remember.

    uv run tools/measure_words.py                       # both
    uv run tools/measure_words.py text_flow --count 50  # one, with fewer prompts for each row

The writers are those that `tools/train_weights.py` trains: `text_flow`, all pixels at once, and
`text_to_emoji`, token after token, each as `generate` makes pictures by default. The judge is the
namer `emoji_judge`: it had no part in training them, nor in any choice that was made on the way.
Beside each score stand its score of the real pictures, the ceiling, and that of pictures that the
writer made without words, the floor; for a writer with a codec also that of the real pictures
through it, which shows what the codec loses. Writes benchmarks/words.json and, the same as a page,
benchmarks/words.md. What another writer scored is kept, unless another judge said so.
"""

import math
from collections.abc import Iterable

import numpy as np
from _shared import (
    BENCHMARKS,
    chosen,
    command_line,
    drawn_from_names,
    emoji,
    emoji_part,
    named,
    read_json,
    shares,
    write_json,
)

from genimg_lib import evaluation, lesson
from genimg_lib.data.emoji_words import LANGUAGES

WRITERS = ("text_flow", "text_to_emoji")
JUDGE = "emoji_judge"
TARGET = BENCHMARKS / "words.json"
KNOWN = "training"
ATTRIBUTES = {  # of a part: what is new in it, as an array of `EmojiSet`
    "unseen style": "styles",
    "unseen tone": "skin_tones",
    "unseen gender": "genders",
    "unseen colour": "colours",
    "unseen time": "times",
}
PARTS = (KNOWN, *ATTRIBUTES, "unseen concept")
LANGUAGES_WITHIN = 0.05
"""The two languages shall score no further apart than this."""
COLUMNS = {
    "floor": "no words",
    "english": "English",
    "chinese": "Chinese",
    "codec": "real, through its codec",
}
READINGS = ("understood", "understood in part", "not understood", "cannot be told")
HEARD = READINGS[:2]
LOOKED_FOR = {"in five": "concept, in five", "style": "style", "new": "what is new"}


# --- scores ---------------------------------------------------------------------------------------


def chosen_rows(part: str, count: int) -> np.ndarray:
    """At most `count` pictures of a part, always the same."""
    rows = emoji_part(part)
    random = np.random.default_rng(0)
    return np.sort(random.choice(rows, min(count, len(rows)), replace=False))


def judged(writer, judge, part: str, count: int, **options) -> tuple[dict, np.ndarray]:
    """The judge's scores of a part, by column, with how far English is ahead of Chinese, and the
    pictures of the English prompts. Options are those of the writer's `generate`.
    """
    rows = chosen_rows(part, count)
    drawn = drawn_from_names(writer, rows, **options)
    pictures = drawn | {
        "ceiling": emoji().images[rows],
        "floor": writer.generate(len(rows), seed=1, guidance=1.0),
    }
    if hasattr(writer, "tokenizer"):
        pictures["codec"] = writer.tokenizer.reconstruct(pictures["ceiling"])
    right = {
        column: named(judge, images, rows) | attribute(judge, images, part, rows)
        for column, images in pictures.items()
    }
    scores = {column: shares(each) for column, each in right.items()}
    ahead = {key: gap(right["english"][key], right["chinese"][key]) for key in scores["english"]}
    return {"prompts": len(rows), **scores, "english ahead": ahead}, drawn["english"]


def attribute(judge, images, part: str, rows) -> dict:
    """Whether the judge sees what is new in the part: that of its first concept, or the style.

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
    return {"new": seen == of_pictures[rows]}


def gap(first, second) -> dict:
    """By how much the first verdicts on the same prompts are ahead of the second, and the standard
    error of that: a prompt that is hard in both languages does not add to it.
    """
    each = np.subtract(first, second, dtype=float)
    error = each.std(ddof=1) / np.sqrt(len(each))
    return {"gap": round(float(each.mean()), 3), "error": round(float(error), 3)}


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


def measured(writer, judge, count: int) -> dict:
    """All that is measured of one writer."""
    result = {"judge": JUDGE, "judged": {}}
    for part in PARTS:
        result["judged"][part], drawn = judged(writer, judge, part, count)
        print(part, result["judged"][part], flush=True)
        if part == KNOWN:
            result["memory"] = memory(drawn)
    return result


def merged(stored: dict, found: dict) -> dict:
    """The new results, and those of other writers by the same judge, in the order of `WRITERS`."""
    kept = {name: each for name, each in stored.items() if each["judge"] == JUDGE} | found
    return {name: kept[name] for name in WRITERS if name in kept}


# --- what they say --------------------------------------------------------------------------------


def is_above(score: float, floor: float, count: int) -> bool:
    """By more than two standard errors of the difference, of so many pictures each."""
    error = math.sqrt((score * (1 - score) + floor * (1 - floor)) / count)
    return score - floor > 2 * error


def asked(part: str) -> str:
    """The score that answers whether a part is understood."""
    return "new" if part in ATTRIBUTES else "in five"


def ways(scores: dict, key: str) -> list[float]:
    """How much of the way from the floor to the ceiling each language goes."""
    floor, ceiling = scores["floor"][key], scores["ceiling"][key]
    return [(scores[language][key] - floor) / (ceiling - floor) for language in LANGUAGES]


def reading(scores: dict, key: str) -> str:
    """What the scores of a part say, by the rule that the page states."""
    count, floor = scores["prompts"], scores["floor"][key]
    if not is_above(scores["ceiling"][key], floor, count):
        return "cannot be told"
    above = [is_above(scores[language][key], floor, count) for language in LANGUAGES]
    if all(above) and min(ways(scores, key)) >= 0.5:
        return "understood"
    return "understood in part" if any(above) else "not understood"


def readings(scores: dict) -> dict[str, str]:
    """Part -> what its scores say."""
    return {part: reading(scores[part], asked(part)) for part in PARTS}


def said(name: str, scores: dict) -> str:
    """One sentence on what a writer understands of what is new."""
    groups = {}
    for part, answer in readings(scores).items():
        if part != KNOWN:
            told = part
            if answer != "cannot be told":
                told += " ({:.0%}, {:.0%})".format(*ways(scores[part], asked(part)))
            groups.setdefault(answer, []).append(told)
    listed = (f"*{answer}*: {', '.join(groups[answer])}" for answer in READINGS if answer in groups)
    return f"- `{name}`: {'; '.join(listed)}."


def overall_gap(scores: dict) -> dict:
    """English minus Chinese over all prompts of parts in which words were heard at all."""
    heard = [part for part, answer in readings(scores).items() if answer in HEARD]
    if not heard:
        return {"gap": 0.0, "error": math.inf}
    weights = np.array([scores[part]["prompts"] for part in heard], float)
    weights /= weights.sum()
    found = [scores[part]["english ahead"][asked(part)] for part in heard]
    gaps, errors = (np.array([each[key] for each in found]) for key in ("gap", "error"))
    return {"gap": float(weights @ gaps), "error": float(np.sqrt(weights**2 @ errors**2))}


def closeness(ahead: dict) -> str:
    """Whether a gap and two standard errors to both sides are all within the target, or none."""
    size, uncertain = abs(ahead["gap"]), 2 * ahead["error"]
    if size + uncertain <= LANGUAGES_WITHIN:
        return "within 5 points"
    return "more than 5 points" if size - uncertain > LANGUAGES_WITHIN else "undecided"


# --- the page -------------------------------------------------------------------------------------


def row(cells: Iterable) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def score_rows(result: dict, pairs: list[tuple[str, str]]) -> list[str]:
    """A table with a row for each pair of a part and a score, the writers side by side."""
    heads = [
        f"`{name}`: {head}"
        for name, entry in result.items()
        for column, head in COLUMNS.items()
        if column in entry["judged"][KNOWN]
    ]
    heads = ["prompts", "number", "seen", *heads, "real pictures"]
    lines = [row(heads), "|---" * len(heads) + "|"]
    for part, key in pairs:
        of_writers = [entry["judged"][part] for entry in result.values()]
        found = [
            f"{scores[column][key]:.0%}"
            for scores in of_writers
            for column in COLUMNS
            if column in scores
        ]
        ceiling = f"{of_writers[0]['ceiling'][key]:.0%}"
        count = of_writers[0]["prompts"]
        lines.append(row([title(part), count, LOOKED_FOR[key], *found, ceiling]))
    return lines


def title(part: str) -> str:
    return "known words" if part == KNOWN else part


def gap_rows(result: dict) -> list[str]:
    """English minus Chinese, in points, for each part and over those in which words were heard."""
    heads = ["prompts", *(f"`{name}`" for name in result)]
    lines = [row(heads), "|---" * len(heads) + "|"]
    of_writers = [entry["judged"] for entry in result.values()]
    for part in PARTS:
        gaps = [scores[part]["english ahead"][asked(part)] for scores in of_writers]
        answers = [readings(scores)[part] for scores in of_writers]
        comments = [
            closeness(each) if answer in HEARD else answer
            for each, answer in zip(gaps, answers, strict=True)
        ]
        lines.append(row([title(part), *map(with_error, gaps, comments)]))
    overall = list(map(overall_gap, of_writers))
    lines.append(row(["**two languages**", *map(with_error, overall, map(closeness, overall))]))
    return lines


def with_error(ahead: dict, comment: str) -> str:
    return f"{100 * ahead['gap']:+.1f} ± {100 * ahead['error']:.1f}, {comment}"


def memory_rows(result: dict) -> list[str]:
    """How near to training: the samples of each writer, and unseen pictures."""
    lines = [
        "| pictures | copies | nearer to one than the median unseen picture | median distance |",
        "|---|---|---|---|",
    ]
    found = {f"`{name}`": entry["memory"]["samples"] for name, entry in result.items()}
    (unseen, *_) = (entry["memory"]["real unseen pictures"] for entry in result.values())
    for name, each in (found | {"real unseen pictures": unseen}).items():
        copies, nearer, distance = each.values()
        lines.append(row([name, f"{copies:.0%}", f"{nearer:.0%}", distance]))
    return lines


def page(result: dict) -> str:
    """The result as a page."""
    main = [(part, asked(part)) for part in PARTS]
    # a new style is what is new: that row is in the first table
    rest = [(part, "in five") for part in ATTRIBUTES]
    rest += [(part, "style") for part in PARTS if part != "unseen style"]
    (judge,) = {entry["judge"] for entry in result.values()}
    lines = [
        "# What the writers in colour understand",
        "",
        "Written by `uv run tools/measure_words.py`; do not edit. Shares of pictures in which the"
        f" namer `{judge}` sees what was asked for: the concept among its first five, or in a"
        " combination that training does not show, the part that is new. The namer had no part in"
        " training the writers.",
        "",
        *score_rows(result, main),
        "",
        "A part is *understood* if in both languages the score is above the floor, pictures without"
        " words, by more than two standard errors, and at least half of the way to the ceiling,"
        " real pictures; *understood in part* if it is above the floor in one language at least."
        " It *cannot be told* where the ceiling is not above the floor either. In brackets: the way"
        " from floor to ceiling in English and in Chinese. Known words are not listed: what is"
        " drawn from them may be remembered.",
        "",
        *(said(name, entry["judged"]) for name, entry in result.items()),
        "",
        "## Two languages",
        "",
        "English minus Chinese in points, with the standard error over prompts that are the same in"
        " both, where at least one language is above the floor. Within two standard errors, is all"
        " of it within 5 points, or none? The last row is over all these prompts.",
        "",
        *gap_rows(result),
        "",
        "## The same pictures, otherwise",
        "",
        *score_rows(result, rest),
        "",
        "## Memory",
        "",
        "Known words, English. A picture is a copy if one training picture is twice as near as its"
        " other neighbours.",
        "",
        *memory_rows(result),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("writers", nargs="*", metavar="WRITER", help="all unless named")
    parser.add_argument("--count", type=int, default=200, help="prompts for each row, at most")
    options = parser.parse_args()
    names = chosen(parser, options.writers, WRITERS)
    lesson.start()
    judge = evaluation.pretrained.load(JUDGE)
    for name in names:
        found = {name: measured(evaluation.pretrained.load(name), judge, options.count)}
        result = merged(read_json(TARGET), found)
        write_json(TARGET, result)
        TARGET.with_suffix(".md").write_text(page(result), encoding="utf-8")


if __name__ == "__main__":
    main()
