"""Draws the rows of digits that exercise 44.8 asks about, one fault to a row, with the shipped
image GPT.

uv run tools/draw_image_gpt_exercises.py      # some ten CPU-seconds; writes
solutions/pictures/image_gpt_rows.png
"""

from pathlib import Path

import numpy as np
from PIL import Image

from genimg_lib.notebook import lesson

lesson.start()

from genimg_lib.evaluation import metrics, pretrained  # noqa: E402

PICTURE = Path(__file__).parents[1] / "solutions" / "pictures" / "image_gpt_rows.png"
LABELS = np.repeat((2, 4, 5, 7), 3)


def transposed(model, labels, **options) -> np.ndarray:
    """Images whose tokens are laid out column by column, though they were drawn row by row."""
    tokens = np.asarray(
        model.draw(np.full((len(labels), model.tokenizer.length), -1), labels, **options)
    )
    grid = tokens.reshape(-1, *model.tokenizer.grid).swapaxes(1, 2)
    return model.tokenizer.decode(grid.reshape(tokens.shape))


def draw(rows) -> None:
    """Rows of images under each other, ink dark on white."""
    framed = [np.concatenate([np.pad(image[..., 0], 1) for image in row], axis=1) for row in rows]
    picture = 255 - np.concatenate([np.pad(row, ((0, 6), (0, 0))) for row in framed])
    Image.fromarray(picture).resize((2 * picture.shape[1], 2 * picture.shape[0])).quantize(32).save(
        PICTURE, optimize=True
    )
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    model = pretrained.load("image_gpt")
    ways = {
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
    draw([way(LABELS) for way in ways.values()])
    many = np.repeat(np.arange(10), 20)
    for name, way in ways.items():
        images = way(many)
        different = len(np.unique(images.reshape(len(images), -1), axis=0))
        print(
            f"{name:18} {metrics.class_agreement(images, many):6.1%} agreement, {different} "
            f"different images of {len(many)}"
        )
