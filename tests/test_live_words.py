"""The figure of the live page that reads words: the browser's encoder and writer are Python's.

It runs on a page of its own, with the scripts of `site/pages/live.md`; Sphinx is not needed.
"""

import math
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
from authors_tools import tool
from chromium import DEADLOCK, needs_browser, serious, started, without_sphinx

from genimg_lib.data import emoji_words, load_emoji
from genimg_lib.evaluation import pretrained
from genimg_lib.models.text_encoders import FreeWordEncoder

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
TEXT = (SITE / "pages" / "live.md").read_text(encoding="utf-8")
FIGURE = '<div class="live" data-figure="colour"></div>'
PROMPTS = (
    "noto red heart",
    "A Red, red HEART!",
    "蓝色圆",
    "fluent 沙滩伞 beach umbrella 2",
    "twemoji zzyzx heart qqqq 龘",
    "Man\u2019s shoe: medium-light",
    "Côte d'Ivoire, naïve \uff37\uff29\uff24\uff25 \ufb01sh",
    "1\ufe0f\u20e32\ufe0f\u20e3 \U0001f600 heart",
    "red " * emoji_words.LONGEST_PROMPT,
)

pytestmark = [needs_browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The figure without what Sphinx puts around it, the scripts, and the weights of its model."""
    made = tmp_path_factory.mktemp("live")
    scripts = made / "_static" / "live"
    shutil.copytree(SITE / "static" / "live", scripts)
    for name in ("elements.js", "site.css"):
        shutil.copy(SITE / "static" / name, made / "_static")
    tool("_live_weights").write_weights(scripts, ["text_flow"])
    (scripts / "race.js").write_text("window.genimgRace = {};\n")
    assert FIGURE in TEXT
    (made / "live.html").write_text(without_sphinx(TEXT, FIGURE), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser():
    with started("--allow-file-access-from-files") as found:  # axe reads the styles
        yield found


@pytest.fixture
def page(browser, folder):
    """The page of the figure; errors fail the test."""
    opened = browser.new_page()
    opened.set_default_timeout(DEADLOCK)
    wrong, opened.asked = [], []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    opened.on("request", lambda request: opened.asked.append(Path(request.url).name))
    opened.goto((folder / "live.html").as_uri())
    opened.get_by_label("Words").wait_for()
    yield opened
    opened.close()
    assert not wrong


def test_the_encoder_is_that_of_python(page):
    rows = load_emoji().splits["training"][::40]
    texts = [*PROMPTS, *emoji_words.captions(rows, seed=0)]
    tokens, unknown = page.evaluate(
        """(texts) => {
            const vocabulary = vocabularyOf(window.genimgVocabulary);
            return [
                texts.map((text) => Array.from(encodeWords(vocabulary, text))),
                texts.map((text) => unknownWords(vocabulary, text)),
            ]; }""",
        texts,
    )
    encoder = FreeWordEncoder()
    np.testing.assert_array_equal(tokens, encoder.encode(texts))
    assert unknown == [encoder.unknown(text) for text in texts]
    assert unknown[4] == ["zzyzx", "qqqq", "龘"]


def test_gelu_is_exact_to_single_precision(page):
    values = np.linspace(-6, 6, 241).astype(np.float32)
    found = page.evaluate("(x) => Array.from(gelu(Float32Array.from(x)))", values.tolist())
    expected = [v * (1.0 + math.erf(v / math.sqrt(2.0))) / 2.0 for v in values.tolist()]
    # the formula is off by 1.5e-7 in the error function, half of which is multiplied by at most 6;
    # the result is rounded to 24 bits
    np.testing.assert_allclose(found, expected, rtol=2.0**-24, atol=6 * 0.75e-7)


@pytest.mark.parametrize(
    ("text", "steps", "guidance"), [("noto red heart", 20, 3.0), ("一只 zzyzx 猫", 3, 1.0)]
)
def test_the_writer_is_that_of_python(page, text, steps, guidance):
    """To a fortieth of a level of 255. The weights are the same 16-bit floats, so that only
    rounding to single precision differs. The largest is that of the time: an angle of up to 200
    radians is off by 200 / 2^24, about 1e-5, and guidance 3 multiplies a difference by up to 3 + 2.
    """
    model = pretrained.load("text_flow")
    noise = np.random.default_rng(0).normal(size=(1, 32, 32, 3)).astype(np.float32)
    tokens = model.text.encode([text])
    pixels = model._denoise(
        noise, tokens, np.int32(steps), np.float32(guidance), bool(guidance != 1.0)
    )
    expected = np.clip(np.asarray(pixels) + 0.5, 0.0, 1.0)  # black is -0.5, white 0.5
    found = page.evaluate(
        """async ({ noise, tokens, steps, guidance }) => {
            const weights = await load("text_flow");
            const options = { steps, guidance };
            const path = paint(weights, Float32Array.from(noise), Int32Array.from(tokens), options);
            return Array.from([...path].at(-1)); }""",
        {
            "noise": noise.ravel().tolist(),
            "tokens": tokens[0].tolist(),
            "steps": steps,
            "guidance": guidance,
        },
    )
    np.testing.assert_allclose(found, expected.ravel(), atol=1e-4)


def test_the_figure_with_the_keyboard_alone(page):
    """Nothing large is loaded before it is used; pictures are the model's; what cannot be read
    leaves them as they are.
    """
    words, seed, said = page.get_by_label("Words"), page.get_by_label("Seed"), "[role=status]"
    canvas = page.locator("canvas")
    assert "vocabulary.js" in page.asked and "text_flow.js" not in page.asked
    assert not canvas.is_visible()
    page.get_by_label("Style").select_option("noto")
    seed.fill("7")
    words.fill("a red zzyzx 心")
    words.press("Enter")
    page.locator("canvas[aria-label*='noto a red zzyzx 心”, seed 7']").wait_for()
    assert "Unknown: zzyzx." in page.locator(said).inner_text()
    shown, made = page.evaluate(
        """async () => {
            const weights = await load("text_flow");
            const vocabulary = vocabularyOf(window.genimgVocabulary);
            const tokens = encodeWords(vocabulary, "noto a red zzyzx 心");
            const noise = randomNumbers(7).normal(3 * COLOUR_SIZE ** 2);
            const picture = [...paint(weights, noise, tokens, { steps: 20, guidance: 3 })].at(-1);
            const context = document.querySelector("canvas").getContext("2d");
            const pixels = context.getImageData(0, 0, COLOUR_SIZE, COLOUR_SIZE).data;
            return [Array.from(pixels).filter((_, i) => i % 4 < 3), Array.from(picture)]; }"""
    )
    np.testing.assert_allclose(shown, np.multiply(made, 255), atol=0.5 + 1e-4)  # rounded
    before = page.evaluate("document.querySelector('canvas').toDataURL()")
    for text, message in (("?!", "has no word"), ("red " * 24, "At most 24 .* are 25")):
        words.fill(text)
        words.press("Enter")
        assert re.search(message, page.locator(said).inner_text())
        assert page.evaluate("document.querySelector('canvas').toDataURL()") == before
    assert not serious(page)


def test_the_page_says_what_the_model_weighs(folder):
    scripts = folder / "_static" / "live"
    size = sum((scripts / f"{name}.js").stat().st_size for name in ("text_flow", "vocabulary"))
    assert f"{size / 1e6:.1f} MB" in TEXT
    budget = tomllib.loads((SITE / "budget.toml").read_text())["figure"]
    assert size < 1000 * budget
