"""Exercise 44.8: rows of digits from the shipped image GPT, one fault to a row."""

import numpy as np
from _shared import doubled, ink_rows, save_exercise_picture

from genimg_lib.evaluation import metrics, pretrained

LABELS = np.repeat((2, 4, 5, 7), 3)


def transposed(model, labels, **options) -> np.ndarray:
    """Images whose tokens are laid out column by column, though they were sampled row by row."""
    tokens = np.asarray(
        model.draw(np.full((len(labels), model.tokenizer.length), -1), labels, **options)
    )
    grid = tokens.reshape(-1, *model.tokenizer.grid).swapaxes(1, 2)
    return model.tokenizer.decode(grid.reshape(tokens.shape))


def panels(model) -> dict:
    """Each row's name, and a function from labels to images."""
    return {
        "A temperature 2": lambda labels: model.generate(
            len(labels), labels, seed=1, temperature=2.0
        ),
        "B guidance 0": lambda labels: model.generate(len(labels), labels, seed=1, guidance=0.0),
        "C temperature 0": lambda labels: model.generate(
            len(labels), labels, seed=1, temperature=0.0
        ),
        "D transposed": lambda labels: transposed(model, labels, seed=1, guidance=1.5),
        "E as it should be": lambda labels: model.generate(
            len(labels), labels, seed=1, guidance=1.5
        ),
    }


def main() -> None:
    ways = panels(pretrained.load("image_gpt"))
    rows = [way(LABELS) for way in ways.values()]
    save_exercise_picture(doubled(ink_rows(rows, gap=6)), "image_gpt_rows.png", colours=32)
    many = np.repeat(np.arange(10), 20)
    for name, way in ways.items():
        images = way(many)
        different = len(np.unique(images.reshape(len(images), -1), axis=0))
        print(
            f"{name:18} {metrics.class_agreement(images, many):6.1%} agreement, {different} "
            f"different images of {len(many)}"
        )
