"""Measures what holds MaskGIT back: it is trained on image GPT's tokenizer, for the same time.

    uv run tools/measure_parallel.py    # about seven CPU-minutes

The shipped MaskGIT has a coarse tokenizer of its own, whose reconstructions are further from the
images than image GPT's. Writes benchmarks/parallel.json: scores of both and of image GPT, on 2,000
images each. Lesson 45 quotes it.
"""

import numpy as np
from _shared import BENCHMARKS, command_line, write_json
from train_weights import as_shipped, fit, measure_images

from genimg_lib import evaluation, lesson, models
from genimg_lib.data import DIGIT_NAMES

CPU_SECONDS = 250
"""As for the shipped token models."""

COUNT = 2000
WAYS = (  # steps, noise on the confidence, guidance
    (8, 6.0, 1.5),
    (16, 6.0, 1.5),
    (16, 20.0, 1.5),
    (16, 20.0, 2.0),
)


def on_fine_tokens(seed: int = 0):
    """MaskGIT on the tokens of image GPT, untrained."""
    tokenizer = evaluation.pretrained.load("tokenizer")
    return models.MaskGIT(tokenizer, class_names=DIGIT_NAMES, seed=seed)


def scored(images, labels) -> dict:
    """The score of generated images; prints it."""
    score = measure_images(images, labels)["score"]
    print(score, flush=True)
    return score


def measured(model) -> dict:
    """Scores of a trained MaskGIT on fine tokens, beside the shipped models."""
    labels = np.arange(COUNT) % 10
    result = {"images": COUNT, "steps of training": model.step, "MaskGIT, fine tokens": {}}
    for name, weights in (("image GPT", "image_gpt"), ("MaskGIT", "maskgit")):
        shipped = evaluation.pretrained.load(weights)
        result[name] = scored(shipped.generate(COUNT, labels, seed=1), labels)
    for steps, noise, guidance in WAYS:
        options = {"steps": steps, "choice_temperature": noise, "guidance": guidance}
        images = model.generate(COUNT, labels, seed=1, **options)
        way = f"{steps} steps, noise {noise:g}, guidance {guidance:g}"
        result["MaskGIT, fine tokens"][way] = scored(images, labels)
    return result


def main() -> None:
    command_line(__doc__).parse_args()
    lesson.start()
    model, seconds = fit(on_fine_tokens(), CPU_SECONDS)
    result = measured(as_shipped(model, on_fine_tokens()))
    write_json(BENCHMARKS / "parallel.json", {"training CPU-seconds": round(seconds)} | result)


if __name__ == "__main__":
    main()
