"""Draws docs/gallery.png, the picture in the README, from the shipped weights: uv run tools/draw_gallery.py"""

from pathlib import Path

from genimg_lib import lesson

lesson.start()

from genimg_lib import pretrained  # noqa: E402
from genimg_lib.plots import image_rows  # noqa: E402

SEED, COLUMNS = 0, 20
vae, gan, conditional_gan = (pretrained.load(name) for name in ("vae", "gan", "conditional_gan"))
rows = {
    "VAE": vae.generate(COLUMNS, seed=SEED),
    "VAE, fitted prior": vae.generate(COLUMNS, seed=SEED, prior="fitted"),
    "GAN": gan.generate(COLUMNS, seed=SEED),
    "conditional GAN": conditional_gan.generate(COLUMNS, [i % 10 for i in range(COLUMNS)], seed=SEED),
}
path = Path(__file__).parents[1] / "docs" / "gallery.png"
path.parent.mkdir(exist_ok=True)
image_rows(rows).savefig(path, dpi=100)
print(path)
