"""Pictures that can be played with: ipywidgets around any model of the course."""

import html
import io
import textwrap

import ipywidgets
import numpy as np

from genimg_lib.data import captions
from genimg_lib.data.emoji_set import STYLES
from genimg_lib.data.images import check_images
from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.vae import VAE
from genimg_lib.notebook.plots import image_grid, measured_images


def sample_browser(model: ImageGenerator, *, count: int = 20, **options) -> ipywidgets.VBox:
    """A seed slider, and a class menu if the model has classes: the samples follow. `options` go
    to `generate`.
    """
    seed = ipywidgets.IntSlider(0, 0, 99, description="seed", continuous_update=False)
    classes = [("any class", None), *((name, name) for name in model.class_names or ())]
    label = ipywidgets.Dropdown(
        options=classes, description="class", disabled=not model.num_classes
    )

    def draw(seed, label):
        return image_grid(
            model.generate(count, label, seed=seed, **options), f"{count} samples, seed {seed}"
        )

    return follow(draw, {"seed": seed, "label": label})


def latent_explorer(vae: VAE, images, labels=None, *, sliders: int = 8) -> ipywidgets.VBox:
    """Move one latent at a time and watch the decoded image: sliders for the latents that carry the
    most information.

    Starts from the code of one of `images`, chosen by the first slider.
    """
    images = check_images(images, shape=vae.image_shape)
    means, log_variances = vae.encode(images, labels)
    information = 0.5 * (means**2 + np.exp(log_variances) - 1.0 - log_variances).mean(axis=0)
    latents = np.argsort(information)[::-1][:sliders]
    start = ipywidgets.IntSlider(
        0, 0, len(images) - 1, description="image", continuous_update=False
    )
    controls = {
        f"latent_{k}": ipywidgets.FloatSlider(
            0.0, min=-3.0, max=3.0, step=0.25, description=f"latent {k}"
        )
        for k in latents
    }

    def draw(image, **values):
        code = means[image : image + 1].copy()
        code[0, latents] += [values[f"latent_{k}"] for k in latents]
        label = None if labels is None else labels[image : image + 1]
        decoded = vae.decode(code, label)
        return image_grid(
            np.concatenate([images[image : image + 1], decoded]), captions=("image", "decoded")
        )

    return follow(draw, {"image": start, **controls}, dpi=250)  # two images only: show them large


def prompt_box(model, *, count: int = 8, **options) -> ipywidgets.VBox:
    """Type words, see pictures and what is measured in them. `model` is a `TextToImage`; `options`
    go to `generate`.

    A caption that the model cannot read leaves the pictures as they are and says why.
    """
    prompt = ipywidgets.Text(
        "a thick seven at the top",
        description="draw",
        continuous_update=False,
        layout={"width": "32em"},
    )
    seed = ipywidgets.IntSlider(0, 0, 99, description="seed", continuous_update=False)
    message = ipywidgets.HTML()
    shown = []

    def draw(prompt, seed):
        try:
            images = model.generate(count, prompt, seed=seed, **options)
        except ValueError as error:
            message.value = f"<b>{html.escape(str(error))}</b>"
            return shown[-1]
        message.value, asked = "", None
        try:
            asked = captions.parse([prompt])[0]
        except ValueError:
            message.value = (
                "The model reads these words; our table does not, so nothing can be ticked."
            )
        # Matplotlib's own font has no Chinese
        words = f"\u201c{prompt}\u201d" if prompt.isascii() else "Your words"
        shown[:] = [measured_images(images, asked, f"{words}, seed {seed}")]
        return shown[-1]

    box = follow(draw, {"prompt": prompt, "seed": seed})
    box.children = (prompt, message, *box.children[1:])
    return box


def word_box(writer, namer, *, count: int = 8, **options) -> ipywidgets.VBox:
    """Type free words about emoji, see pictures and what the namer sees in each.

    A style from the menu is put in front of the words. Unknown words are listed; a prompt that the
    writer cannot read leaves the pictures as they are and says why. `options` go to `generate`.

    Args:
        writer: a `TextFlow` with a `FreeWordEncoder`.
        namer: a `Namer`.
        count: pictures.
    """
    prompt = ipywidgets.Text(
        "a beautiful beach", description="draw", continuous_update=False, layout={"width": "32em"}
    )
    style = ipywidgets.Dropdown(
        options=[("any style", ""), *((style, style) for style in STYLES)], description="style"
    )
    seed = ipywidgets.IntSlider(0, 0, 99, description="seed", continuous_update=False)
    message = ipywidgets.HTML()
    shown = []

    def draw(prompt, style, seed):
        try:
            unknown = writer.text.unknown(prompt)
            images = writer.generate(count, f"{style} {prompt}", seed=seed, **options)
        except ValueError as error:
            message.value = f"<b>{html.escape(str(error))}</b>"
            return shown[-1]
        message.value = html.escape(f"unknown: {', '.join(unknown)}") if unknown else ""
        seen = [names[0] for names in namer.names(images, top=1)]
        short = [textwrap.shorten(name, 14, placeholder="...") for name in seen]
        shown[:] = [image_grid(images, f"What the namer sees, seed {seed}", captions=short)]
        return shown[-1]

    box = follow(draw, {"prompt": prompt, "style": style, "seed": seed})
    box.children = (prompt, message, *box.children[1:])
    return box


def follow(draw, controls: dict, *, dpi: int = 110) -> ipywidgets.VBox:
    """Shows the figure that `draw` returns for the values of `controls`, again whenever one of them
    moves.

    A PNG in an Image widget, not `interactive_output`: the picture is then part of the widget and
        can be tested.
    """
    # at its own size, not stretched
    picture = ipywidgets.Image(format="png", layout={"align_self": "flex-start"})

    def update(_=None):
        buffer = io.BytesIO()
        draw(**{name: control.value for name, control in controls.items()}).savefig(
            buffer, format="png", dpi=dpi
        )
        picture.value = buffer.getvalue()

    for control in controls.values():
        control.observe(update, "value")
    update()
    return ipywidgets.VBox([*controls.values(), picture])
