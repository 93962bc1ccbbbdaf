"""Figures show what they were given; widgets draw again when something moves."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tiny_models
from matplotlib.image import imread

from genimg_lib.data import captions
from genimg_lib.data.attributes import FACTS
from genimg_lib.models.text_encoders import FreeWordEncoder
from genimg_lib.notebook import plots, style, widgets

IMAGES = tiny_models.images(23)


def pictures(figure):
    """The arrays that the figure's axes show, in order."""
    return [image.get_array() for axis in figure.axes for image in axis.images]


def places(figure):
    """Where the figure's images lie, in order: (left, right, bottom, top) in inches."""
    figure.canvas.draw()
    boxes = [image.get_window_extent() for axis in figure.axes for image in axis.images]
    return [np.array((box.x0, box.x1, box.y0, box.y1)) / figure.dpi for box in boxes]


def test_image_grid_shows_every_image_once():
    figure = plots.image_grid(IMAGES, "Twenty-three strokes")
    shown = pictures(figure)
    assert len(shown) == 23
    for image, array in zip(IMAGES, shown, strict=True):
        np.testing.assert_array_equal(np.squeeze(array), image[..., 0])
    (axis,) = figure.axes  # one for each image would take much longer
    assert not axis.axison
    left, right, bottom, top = np.transpose(places(figure))
    assert (left[:10] == left[10:20]).all() and (left[:3] == left[20:]).all()
    assert (right[:9] < left[1:10]).all() and (bottom[:13] > top[10:]).all()
    np.testing.assert_allclose(right - left, top - bottom)
    assert min(*left, *bottom) > 0 and right.max() < figure.get_figwidth()
    assert top.max() < figure.get_figheight() - figure._suptitle.get_size() / 72
    assert figure.get_suptitle() == "Twenty-three strokes"


def test_image_grid_takes_columns_captions_and_colour():
    figure = plots.image_grid(IMAGES[:6], columns=4, captions=list("abcdef"))
    assert [text.get_text() for text in figure.axes[0].texts] == [*"abcdef"]
    for text, (left, right, _, top) in zip(figure.axes[0].texts, places(figure), strict=True):
        box = text.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
        assert left < (box.x0 + box.x1) / 2 < right and top <= box.y0 < top + 0.1
    assert places(figure)[4][3] < places(figure)[0][2]  # the fifth begins the second row
    colour = np.zeros((2, 3, 3, 3), np.uint8)
    assert pictures(plots.image_grid(colour))[0].shape == (3, 3, 3)


def test_ink_is_dark_and_grey_levels_are_not_stretched():
    axis = plots.image_grid(np.full((1, 3, 3, 1), 100, np.uint8)).axes[0]
    assert axis.images[0].get_cmap().name == "gray_r"
    assert axis.images[0].get_clim() == (0, 255)


def test_image_rows():
    figure = plots.image_rows({"before": IMAGES[:4], "after": IMAGES[4:7]}, "Two rows")
    assert len(pictures(figure)) == 7
    left, _, bottom, top = np.transpose(places(figure))
    names = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    for name, row in {"before": slice(4), "after": slice(4, 7)}.items():
        assert len(set(bottom[row])) == 1 and (np.diff(left[row]) > 0).all()
        assert bottom[row][0] < (names[name].y0 + names[name].y1) / 2 / figure.dpi < top[row][0]
        assert 0 < names[name].x0 / figure.dpi < names[name].x1 / figure.dpi < left[row][0]


def test_images_keep_their_proportions():
    wide = np.zeros((2, 8, 16, 1), np.uint8)
    for left, right, bottom, top in places(plots.image_rows({"wide": wide, "long": IMAGES[:3]}))[
        :2
    ]:
        np.testing.assert_allclose(right - left, 2 * (top - bottom))


@pytest.mark.parametrize("name", ["real", "log-variance as deviation: samples"])
def test_long_names_of_rows_leave_the_images_their_size(name):
    figure = plots.image_rows({name: IMAGES[:7], "below": IMAGES[:7]})
    left, right, *_ = places(figure)[0]
    assert (right - left) * style.DPI >= 64
    box = figure.axes[0].texts[0].get_window_extent()
    assert 0 < box.x0 < box.x1 < left * figure.dpi  # and are not cut off


def test_curves():
    figure = plots.curves({"one": [3, 2, 1], "two": [1, 2, 4]}, "They cross", ylabel="nats")
    (axis,) = figure.axes
    assert (axis.get_title(), axis.get_xlabel(), axis.get_ylabel()) == (
        "They cross",
        "step",
        "nats",
    )
    np.testing.assert_array_equal(axis.lines[1].get_ydata(), [1, 2, 4])
    # told apart without colour
    assert axis.lines[0].get_linestyle() != axis.lines[1].get_linestyle()
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "two"]
    shifted = plots.curves(
        {"one": [3, 2]}, "t", x=[10, 20], xlabel="CPU-seconds", ylabel="nats"
    ).axes[0]
    np.testing.assert_array_equal(shifted.lines[0].get_xdata(), [10, 20])
    assert shifted.get_legend() is None


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.image_grid(IMAGES),
        lambda: plots.image_rows({"a": IMAGES}),
        lambda: plots.curves({"a": [1]}, "t", ylabel="y"),
    ],
)
def test_figures_are_closed(draw):
    before = plt.get_fignums()
    draw()
    assert plt.get_fignums() == before  # or a notebook would show them twice


def parts(box):
    *controls, picture = box.children
    assert isinstance(picture, ipywidgets.Image)
    return {control.description: control for control in controls}, picture


def decoded(picture, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(picture.value)
    return imread(path)


def test_sample_browser_draws_again_when_the_seed_moves(tmp_path):
    gan = tiny_models.gan()
    controls, picture = parts(widgets.sample_browser(gan, count=5))
    assert controls["class"].disabled
    first = picture.value
    assert decoded(picture, tmp_path).ndim == 3
    controls["seed"].value = 7
    assert picture.value != first
    controls["seed"].value = 0
    np.testing.assert_array_equal(
        decoded(picture, tmp_path), decoded(ipywidgets.Image(value=first), tmp_path)
    )


def test_sample_browser_follows_the_class_and_passes_options_on():
    vae = tiny_models.vae(class_names=tiny_models.CLASSES)
    pictures_ = tiny_models.images(50)
    vae.fit_prior(pictures_, tiny_models.labels(pictures_), seed=0)
    asked = []
    draw = vae.generate
    vae.generate = lambda *arguments, **options: (
        asked.append((arguments, options)) or draw(*arguments, **options)
    )
    controls, _ = parts(widgets.sample_browser(vae, count=4, prior="fitted"))
    controls["class"].value = "light"
    assert asked == [
        ((4, None), {"seed": 0, "prior": "fitted"}),
        ((4, "light"), {"seed": 0, "prior": "fitted"}),
    ]


def test_latent_explorer_offers_the_latents_that_carry_information():
    vae = tiny_models.vae(latent_dim=4)
    *others, kernel, bias = vae.encoder.get_weights()
    kernel[:, [0, 2, 3]] = kernel[:, 4:] = 0.0  # only the mean of latent 1 depends on the image
    kernel[:, 1] *= 5
    vae.encoder.set_weights([*others, kernel, 0 * bias])
    controls, picture = parts(widgets.latent_explorer(vae, IMAGES, sliders=2))
    assert list(controls)[:2] == ["image", "latent 1"]
    assert len(controls) == 3
    first = picture.value
    controls["latent 1"].value = 3.0
    assert picture.value != first
    controls["latent 1"].value = 0.0
    assert picture.value == first
    controls["image"].value = int(np.argmax((IMAGES[0] != IMAGES).any(axis=(1, 2, 3))))
    assert picture.value != first


def test_latent_explorer_with_classes():
    vae = tiny_models.vae(class_names=tiny_models.CLASSES)
    controls, picture = parts(
        widgets.latent_explorer(vae, IMAGES, tiny_models.labels(IMAGES), sliders=1)
    )
    assert controls["image"].max == 22
    assert picture.value


def test_measured_images_tick_what_was_asked_for():
    stroke = np.zeros((2, 28, 28, 1), np.uint8)
    stroke[0, 4:24, 12:16], stroke[1, 2:8, 12:14] = 255, 255
    figure = plots.measured_images(
        stroke, captions.parse(["a thick digit at the top"])[0], "two strokes"
    )
    first, second = ([text.get_text() for text in axis.texts] for axis in figure.axes)
    assert [text for text in first if text in FACTS] == list(FACTS)
    values = [text for text in first if text not in FACTS]
    assert values[FACTS.index("thickness")].startswith("\u2713") and values[
        FACTS.index("vertical")
    ].startswith("\u2717")
    assert second[FACTS.index("vertical")].startswith("\u2713")
    assert not any(
        text.startswith(("\u2713", "\u2717"))
        for text in [values[0], second[0], values[4], second[4]]
    )


def test_the_prompt_box_draws_again_and_explains_what_it_cannot_read():
    class Painter:
        def generate(self, count, prompt, *, seed):
            captions.encode([prompt])
            return np.random.default_rng(seed).integers(0, 255, (count, 28, 28, 1)).astype(np.uint8)

    box = widgets.prompt_box(Painter(), count=2)
    prompt, message, seed, picture = box.children
    before = picture.value
    prompt.value = "a thik <b>"
    assert "&#x27;thik&#x27; is not a word" in message.value and "thick" in message.value
    assert picture.value == before
    prompt.value = "a pale three"
    assert message.value == "" and picture.value != before
    before = picture.value
    seed.value = 3
    assert picture.value != before


def test_the_word_box_shows_what_is_seen_and_which_words_are_unknown():
    asked = []

    class Writer:
        text = FreeWordEncoder()

        def generate(self, count, prompt, *, seed):
            self.text.encode([prompt])
            asked.append(prompt)
            return np.random.default_rng(seed).integers(0, 255, (count, 8, 8, 3)).astype(np.uint8)

    class Namer:
        def names(self, images, top):
            return [["a name that is much too long"]] * len(images)

    box = widgets.word_box(Writer(), Namer(), count=2)
    prompt, message, style, _, picture = box.children
    assert message.value == "unknown: beautiful"
    style.value = "noto"
    assert asked[-1] == "noto a beautiful beach"
    before = picture.value
    prompt.value = "?!"
    assert "has no word" in message.value
    assert picture.value == before
    prompt.value = "红心"
    assert message.value == ""
    assert asked[-1] == "noto 红心"
