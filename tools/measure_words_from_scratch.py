"""Measures how soon a writer in colour that is trained from scratch heeds its words.

    uv run tools/measure_words_from_scratch.py shapes --seed 0   # 6 CPU-minutes
    uv run tools/measure_words_from_scratch.py all --seed 0      # 8 CPU-minutes

Two worlds. `shapes`: the plain hearts, circles and squares, and the small flow of lesson 63, judged
as there by the nearest real picture, once on known prompts and once on colours that training does
not show on that shape. `all`: every training picture, and the flow that is shipped, judged on 200
known names by the namer `emoji_judge`.

Training halts at a few points, and the model is judged with the weights that it would have if it
ended there, averaged over the last steps. Beside each score stands that of pictures that the same
model makes at the same point without words, the floor, and that of real pictures, the ceiling.
Seconds are CPU time of training, that of tracing the graph included, judging not. Writes
benchmarks/words_from_scratch.json after every run; a run that the file holds already is not
repeated.
"""

import functools
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from _shared import (
    BENCHMARKS,
    add_run,
    captioned_emoji,
    chosen,
    command_line,
    drawn_from_names,
    emoji,
    emoji_part,
    has_run,
    shares,
)
from measure_words import JUDGE, KNOWN, judged
from sklearn.metrics import pairwise_distances_argmin

from genimg_lib import evaluation, lesson, models
from genimg_lib.data import emoji_words

TARGET = BENCHMARKS / "words_from_scratch.json"
SECONDS = 300.0
HALTS = (1 / 32, 1 / 8, 1 / 4, 1 / 2, 1)
"""Shares of the time behind the first step, whose graph has to be traced."""
COUNT = 200
GUIDANCE = 3.0
"""Of both worlds: what `generate` took by default when they were measured. The shipped writer has
learned for longer, and needs less.
"""


# --- plain shapes, as in lesson 63 ----------------------------------------------------------------


def plain_shapes() -> np.ndarray:
    """The rows of all plain shapes, held-out colours included."""
    return np.flatnonzero(emoji().shapes != "")


def nearest_shape(images) -> np.ndarray:
    """The rows of the plain shapes that the images are nearest to, in squared distance."""
    rows = plain_shapes()
    flat, reals = (
        each.astype(np.float32).reshape(len(each), -1) for each in (images, emoji().images[rows])
    )
    return rows[pairwise_distances_argmin(flat, reals)]


def agreement(found, rows) -> dict:
    """The shares of the rows found that have the shape, the colour and the style of `rows`."""
    facts = {"shape": emoji().shapes, "colour": emoji().colours, "style": emoji().styles}
    return shares({name: fact[found] == fact[rows] for name, fact in facts.items()})


def scores_of_shapes(model, count: int) -> dict:
    """Known prompts and new pairs of shape and colour, by column as in `measure_words.judged`."""
    known = np.intersect1d(plain_shapes(), emoji_part(KNOWN))
    wordless = nearest_shape(model.generate(count, seed=1, guidance=1.0))
    scores = {}
    for name, rows in (("known words", known), ("unseen colour", emoji_part("unseen colour"))):
        pictures = drawn_from_names(model, rows, guidance=GUIDANCE)
        pictures["ceiling"] = emoji().images[rows]
        scores[name] = {
            "prompts": len(rows),
            **{column: agreement(nearest_shape(each), rows) for column, each in pictures.items()},
            # every picture without words as an answer to every prompt
            "floor": agreement(np.repeat(wordless, len(rows)), np.tile(rows, count)),
        }
    return scores


def captioned_shapes() -> tuple:
    """32 captions for each plain shape of training, with its pictures."""
    rows = np.tile(np.intersect1d(plain_shapes(), emoji_part(KNOWN)), 32)
    return emoji().images[rows], emoji_words.captions(rows, seed=0)


# --- both worlds ----------------------------------------------------------------------------------


@functools.cache
def judge():
    """The namer that judges, loaded once."""
    return evaluation.pretrained.load(JUDGE)


def scores_of_all(model, count: int) -> dict:
    """Known words, as in `measure_words`."""
    return {"known words": judged(model, judge(), KNOWN, count, guidance=GUIDANCE)[0]}


class World(NamedTuple):
    """What is learned, by which flow, and how it is judged."""

    data: Callable
    sizes: dict  # of the flow
    batch_size: int
    scores: Callable  # a model and a number of pictures -> scores


WORLDS = {
    "shapes": World(captioned_shapes, {"width": 64, "depth": 3}, 32, scores_of_shapes),
    "all": World(captioned_emoji, {}, 64, scores_of_all),
}


def averaged(model, function: Callable):
    """What the function returns while the model has the weights that the end of `fit` would put in
    place.
    """
    variables = model.trainable_variables
    live = [np.array(variable) for variable in variables]
    model.optimizer.finalize_variable_values(variables)
    result = function()
    for variable, value in zip(variables, live, strict=True):
        variable.assign(value)
    return result


def points(world: World, seconds: float, seed: int, count: int) -> list[dict]:
    """Trains from scratch; the scores at each halt."""
    import keras

    keras.utils.set_random_seed(seed)
    model = models.TextFlow(models.text_encoders.FreeWordEncoder(), seed=seed, **world.sizes)
    model.compile()
    found, halts = [], []
    start, judging = time.process_time(), 0.0

    def look(batch, logs):
        nonlocal judging
        now = time.process_time()
        used = now - start - judging
        if not halts:
            halts.extend(used + share * (seconds - used) for share in HALTS)
        if used >= halts[len(found)]:
            scores = averaged(model, lambda: world.scores(model, count))
            found.append({"cpu_seconds": round(used, 1), "steps": model.step, "scores": scores})
            print(found[-1], flush=True)
            judging += time.process_time() - now
            model.stop_training = len(found) == len(halts)

    model.fit(
        *world.data(),
        batch_size=world.batch_size,
        epochs=10_000,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=look)],
    )
    return found


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("worlds", nargs="*", metavar="WORLD", help="shapes or all; both if none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="CPU time of training")
    parser.add_argument("--count", type=int, default=COUNT, help="pictures for a score, at most")
    options = parser.parse_args()
    names = chosen(parser, options.worlds, WORLDS)
    lesson.start()
    for name in names:
        if not has_run(TARGET, options.seconds, name, options.seed):
            found = points(WORLDS[name], options.seconds, options.seed, options.count)
            add_run(TARGET, options.seconds, name, {"seed": options.seed, "points": found})


if __name__ == "__main__":
    main()
