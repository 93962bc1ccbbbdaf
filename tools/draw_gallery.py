"""Draws docs/gallery.png, the picture in the README, from the shipped weights: uv run
tools/draw_gallery.py
"""

from pathlib import Path

from genimg_lib.notebook import lesson

lesson.start()

from genimg_lib.evaluation import pretrained  # noqa: E402
from genimg_lib.notebook.plots import image_rows  # noqa: E402

SEED, COLUMNS = 0, 20
vae = pretrained.load("vae")
gan = pretrained.load("gan")
rows = {
    "VAE": vae.generate(COLUMNS, seed=SEED),
    "VAE, fitted prior": vae.generate(COLUMNS, seed=SEED, prior="fitted"),
    "GAN": gan.generate(COLUMNS, seed=SEED),
}
classes = [i % 10 for i in range(COLUMNS)]
conditional = {
    "conditional GAN": "conditional_gan",
    "image GPT": "image_gpt",
    "MaskGIT": "maskgit",
    "next-scale": "next_scale",
}
for title, name in conditional.items():
    rows[title] = pretrained.load(name).generate(COLUMNS, classes, seed=SEED)
path = Path(__file__).parents[1] / "docs" / "gallery.png"
path.parent.mkdir(exist_ok=True)
image_rows(rows).savefig(path, dpi=100)
print(path)
