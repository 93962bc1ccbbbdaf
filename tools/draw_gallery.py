"""Draws docs/gallery.png, the picture in the README, from the shipped weights.

uv run tools/draw_gallery.py
"""

from _shared import ROOT, command_line

from genimg_lib import evaluation, lesson, notebook

SEED = 0
COLUMNS = 20
UNCONDITIONAL = {  # name in the picture -> weights, options of generate
    "VAE": ("vae", {}),
    "VAE, fitted prior": ("vae", {"prior": "fitted"}),
    "GAN": ("gan", {}),
}
CONDITIONAL = {
    "conditional GAN": "conditional_gan",
    "image GPT": "image_gpt",
    "MaskGIT": "maskgit",
    "next-scale": "next_scale",
}


def main() -> None:
    command_line(__doc__).parse_args()
    lesson.start()
    rows = {}
    for title, (name, options) in UNCONDITIONAL.items():
        rows[title] = evaluation.pretrained.load(name).generate(COLUMNS, seed=SEED, **options)
    classes = [column % 10 for column in range(COLUMNS)]
    for title, name in CONDITIONAL.items():
        rows[title] = evaluation.pretrained.load(name).generate(COLUMNS, classes, seed=SEED)
    path = ROOT / "docs" / "gallery.png"
    path.parent.mkdir(exist_ok=True)
    notebook.plots.image_rows(rows).savefig(path, dpi=100)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
