"""The site: built once from the repository, then read as a visitor would, in files and in a real
browser. Nothing may be asked of another server.
"""

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from chromium import DEADLOCK, needs_browser, serious, started

from genimg_lib import pretrained
from genimg_lib.practice.interview import bank

ROOT = Path(__file__).parents[1]
BUDGET = {
    name: 1000 * size
    for name, size in tomllib.loads((ROOT / "site" / "budget.toml").read_text()).items()
}  # bytes
PAGES = (
    "index.html",
    "live.html",
    "notebooks/30_gan.html",
    "slides/30_gan.html",
    "exercises/30_gan.html",
    "solutions/30_gan.html",
    "cards.html",
    "mock_interview.html",
    "docs/questions.html",
    "bank/gan_game.html",
    "bank/zh/gan_game.html",
    "museum/index.html",
    "library/genimg_lib.models.gan.html",
    "search.html?q=mode+collapse",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; a warning of Sphinx is an error."""
    if built := os.environ.get("GENIMG_SITE"):  # one that is built already
        return Path(built)
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "tools/build_site.py", "--to", str(folder)]
    command += ["--address", "somebody/genimg"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-4000:]
    return folder / "html"


class Page(HTMLParser):
    """The tags of a page in their order, with their attributes: trees of all pages would take
    several times as long.
    """

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.tags.append((name, {key: value or "" for key, value in attributes}))

    def attributes(self, *names: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name in names]

    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.attributes("a") if "href" in attributes]


@pytest.fixture(scope="module")
def pages(site):
    """Address -> the page."""
    return {
        page.relative_to(site).as_posix(): Page(page.read_text("utf-8"))
        for page in sorted(site.rglob("*.html"))
    }


# --- the files ------------------------------------------------------------------------------------


def test_every_lesson_exercise_topic_and_module_has_its_page(site):
    for folder in ("notebooks", "exercises", "solutions"):
        for path in (ROOT / folder).glob("[0-9]*.ipynb"):
            assert (site / folder / f"{path.stem}.html").is_file(), path.name
    for topic in bank.load().topics:
        assert (site / "bank" / f"{topic}.html").is_file()
        assert (site / "bank" / "zh" / f"{topic}.html").is_file()
    for module in (ROOT / "genimg_lib").rglob("*/[a-z]*.py"):
        name = ".".join(module.relative_to(ROOT).with_suffix("").parts)
        topic_of_checkers = module.parents[1].name == "checks"
        assert (site / "library" / f"{name}.html").is_file() != topic_of_checkers, name


def test_nothing_of_the_machine_is_in_a_page(site):
    """Or two builds would differ: memory addresses, folders."""
    told = re.compile(
        rf"\bat 0x[0-9a-f]{{6,}}|{re.escape(str(site.parent))}|{re.escape(str(ROOT))}"
    )
    for page in site.rglob("*.html"):
        found = told.search(page.read_text("utf-8"))
        assert not found, f"{page.relative_to(site)}: {found[0]}"


def test_notebooks_are_offered_to_run_and_to_open_elsewhere(site):
    """Without outputs, which the page shows; Colab and Binder as the address of the course says."""
    for folder in ("notebooks", "exercises", "solutions"):
        for path in (site / folder).glob("*.ipynb"):
            assert all(not cell.get("outputs") for cell in nbformat.read(path, 4).cells)
            page = path.with_suffix(".html").read_text("utf-8")
            (offered,) = re.findall(r'<nav class="notebook-actions".*?</nav>', page, re.DOTALL)
            links = Page(offered).links()
            if folder == "notebooks":
                assert links.pop(1) == f"../slides/{path.stem}.html"
            name = f"{folder}/{path.name}"
            assert links[0] == path.name
            if os.environ.get("GENIMG_SITE") and len(links) == 1:  # built for no address
                continue
            assert links[1].endswith(f"/genimg/blob/main/{name}")
            assert links[2].endswith(f"/genimg/main?urlpath=lab/tree/{name}")


def test_nothing_is_asked_of_another_server(pages):
    for address, page in pages.items():
        asked = [tag.get("src") for tag in page.attributes("script", "img", "iframe", "source")]
        asked += [tag.get("href") for tag in page.attributes("link")]
        outside = [link for link in asked if link and re.match(r"(https?:)?//", link)]
        assert not outside, f"{address}: {outside[:3]}"
        policies = [tag.get("http-equiv") for tag in page.attributes("meta")]
        assert "Content-Security-Policy" in policies, address


def test_every_link_and_anchor_leads_somewhere(site, pages):
    anchors = {
        address: {attributes.get("id") for _, attributes in page.tags}
        for address, page in pages.items()
    }
    files = {path for path in site.resolve().rglob("*") if path.is_file()}
    broken = []
    for page, links in ((page, set(pages[page].links())) for page in pages):
        folder = (site / page).resolve().parent
        for link in links:
            address, anchor = urldefrag(link)
            if re.match(r"[a-z]+:", address):
                continue
            target = Path(os.path.normpath(folder / unquote(address or Path(page).name)))
            if target not in files:
                broken.append(f"{page}: {link}")
            elif anchor and target.suffix == ".html":
                name = target.relative_to(site.resolve()).as_posix()
                if unquote(anchor) not in anchors[name]:
                    broken.append(f"{page}: {link}")
    assert not broken, "\n".join(sorted(broken)[:40])


def test_old_addresses_of_questions_still_lead_to_them(site):
    for name in ("docs/questions.html", "docs/questions.zh.html"):
        page = BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
        for question in bank.load().questions.values():
            entry = page.find(id=question.id)
            assert entry and entry.find("a")["href"].endswith(f"#{question.id}"), question.id


def test_every_picture_says_what_it_shows(pages):
    for address, page in pages.items():
        for picture in page.attributes("img"):
            text = picture.get("alt", "")
            told = text and not re.fullmatch(r"\S*([0-9a-f]{32}|\.png)\S*", text)
            assert told, (address, text)


def test_lessons_stay_below_their_budget(site, pages):
    for page in sorted((site / "notebooks").glob("*.html")):
        shown = pages[page.relative_to(site).as_posix()].attributes("img")
        pictures = {site / "notebooks" / tag["src"] for tag in shown}
        size = page.stat().st_size + sum(picture.stat().st_size for picture in pictures)
        assert size < BUDGET["lesson"], f"{page.name}: {size:,} bytes"
    whole = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert whole < BUDGET["site"], f"the whole site has {whole:,} bytes"


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with started("--allow-file-access-from-files") as found:
        yield found


@pytest.fixture
def page(browser):
    """A page that collects what goes wrong on it and what it asks for."""
    opened = browser.new_page()
    opened.wrong, opened.asked, opened.bytes = [], [], []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on("console", lambda line: line.type == "error" and opened.wrong.append(line.text))
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("response", lambda answer: opened.bytes.append(answer))
    yield opened
    opened.close()


@needs_browser
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_every_type_works_and_is_accessible(page, address, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}", timeout=DEADLOCK)  # on a busy machine the net is idle before
    page.wait_for_load_state("networkidle", timeout=DEADLOCK)
    assert not page.wrong
    assert all(url.startswith((address, "data:", "blob:")) for url in page.asked)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} pixels wider than the screen"
    size = sum(int(answer.headers.get("content-length", 0)) for answer in page.bytes)
    budgets = {"index.html": "first_page", "cards.html": "practice"}
    budgets |= {"mock_interview.html": "practice"}
    assert size < BUDGET[budgets.get(name, "site")], f"{size:,} bytes"
    assert not serious(page)


@needs_browser
def test_cards_and_interview_are_accessible_while_they_are_used(page, address):
    page.set_viewport_size({"width": 390, "height": 900})
    page.set_default_timeout(DEADLOCK)
    page.goto(f"{address}/cards.html")
    page.get_by_role("button", name="Show answer").click()
    assert not serious(page)
    page.goto(f"{address}/mock_interview.html")
    page.evaluate("Math.random = () => 0.5")  # the same questions each time
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Rubric").click()
    assert not serious(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    assert not serious(page)
    assert not page.wrong


@needs_browser
def test_code_of_a_question_that_scrolls_is_reached_by_the_keyboard(page, address):
    """Whichever question an interview picks, on a phone, where code is wider than the screen."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}/mock_interview.html", timeout=DEADLOCK)
    reached = page.evaluate(
        """async () => {
            const bank = await loadBank("en");
            const parts = (one) => [...front(one), ...back(one, bank.words, { whole: true })];
            document.querySelector(".practice").replaceChildren(...bank.questions.flatMap(parts));
            return [...document.querySelectorAll(".practice pre")]
                .filter((block) => block.scrollWidth > block.clientWidth)
                .map((block) => block.tabIndex); }"""
    )
    assert reached and set(reached) == {0}


@needs_browser
def test_a_copy_in_a_folder_works_too(page, site):
    page.goto((site / "notebooks" / "30_gan.html").as_uri(), timeout=DEADLOCK)
    page.locator(".katex").first.wait_for(state="attached", timeout=DEADLOCK)
    page.goto((site / "search.html").as_uri() + "?q=optimal+discriminator", timeout=DEADLOCK)
    page.locator("#search-list a").first.wait_for(timeout=DEADLOCK)
    assert not page.wrong


@needs_browser
def test_an_old_address_is_forwarded_to_the_question(page, address):
    page.goto(f"{address}/docs/questions.html#gan-objective", timeout=DEADLOCK)
    page.wait_for_url("**/bank/gan_game.html#gan-objective", timeout=DEADLOCK)


@needs_browser
def test_the_contents_of_the_bank_are_filtered(page, address):
    page.goto(f"{address}/docs/questions.zh.html", timeout=DEADLOCK)
    page.locator("select[name=level]").select_option("staff")
    page.locator("select[name=topic]").select_option("gan_game")
    shown = page.locator(".questions > li:visible")
    wanted = bank.load().select(levels=["staff"], topics=["gan_game"])
    assert {item.get_attribute("id") for item in shown.all()} == {item.id for item in wanted}


# What a person asks for, and a page that answers it, by its beginning.
QUERIES = {
    "mode collapse": ("notebooks/3", "bank/gan_training"),
    "why is FID biased": ("bank/evaluation", "notebooks/10"),
    "reparameterisation trick": ("bank/vae_bound", "notebooks/20"),
    "KL divergence of two Gaussians": ("bank/vae_bound", "notebooks/20", "exercises/20"),
    "posterior collapse": ("notebooks/22", "bank/vae_practice"),
    "straight-through estimator": ("notebooks/42", "bank/tokens"),
    "codebook collapse": ("notebooks/43", "bank/tokens"),
    "classifier-free guidance": ("bank/guidance", "bank/autoregression", "notebooks/"),
    "DDIM": ("notebooks/50", "bank/diffusion", "exercises/50"),
    "flow matching target": ("notebooks/50", "bank/diffusion", "exercises/50"),
    "KV cache bytes": ("bank/autoregression", "notebooks/4", "exercises/70"),
    "optimal discriminator": ("notebooks/30", "bank/gan_game", "exercises/30"),
    "gradient penalty": ("notebooks/31", "bank/gan_training", "library/genimg_lib.nn.losses"),
    "MaskGIT": ("notebooks/45", "bank/tokens", "library/genimg_lib.models.maskgit"),
    "next-scale prediction": ("notebooks/45", "bank/autoregression", "library/"),
    "byte pair encoding": ("notebooks/40", "exercises/40", "bank/"),
    "precision and recall": ("notebooks/10", "bank/evaluation", "exercises/10"),
    "load a folder of pictures": ("library/genimg_lib.data", "index.html", "handbook.html"),
    "watermark": ("bank/safety",),
    "ControlNet": ("bank/guidance",),
    "模式崩溃": ("bank/zh/gan",),
    "后验坍塌": ("bank/zh/vae",),
    "重参数化": ("bank/zh/vae",),
    "无分类器引导": ("bank/zh/guidance", "bank/zh/autoregression", "docs/"),
    "流匹配": ("bank/zh/diffusion", "bank/zh/flow"),
    "码本坍塌": ("bank/zh/tokens",),
    "最优判别器": ("bank/zh/gan",),
    "显存带宽": ("bank/zh/autoregression", "bank/zh/serving", "bank/zh/systems"),
    "KV 缓存": ("bank/zh/autoregression", "bank/zh/systems", "bank/zh/serving"),
    "水印": ("bank/zh/safety",),
    "证据下界": ("bank/zh/vae",),
    "逐尺度预测": ("bank/zh/autoregression", "bank/zh/tokens"),
    "负向提示词": ("bank/zh/guidance",),
    "投机解码": ("bank/zh/autoregression",),
    "直通估计": ("bank/zh/tokens", "bank/zh/code_it"),
    "谱归一化": ("bank/zh/gan",),
    "数据去重": ("bank/zh/data", "bank/zh/systems"),
    "梯度惩罚": ("bank/zh/gan",),
    "扩散 Transformer": ("bank/zh/guidance", "bank/zh/flow"),
    "商业许可": ("bank/zh/products", "bank/zh/safety"),
}


@needs_browser
def test_the_search_finds_what_a_person_would_name(page, address):
    page.goto(f"{address}/search.html", timeout=DEADLOCK)
    missed = {}
    for query, wanted in QUERIES.items():
        page.locator("#search-words").fill(query)
        first = [link.get_attribute("href") for link in page.locator("#search-list a").all()[:3]]
        if not any(address.startswith(wanted) for address in first):
            missed[query] = first
    assert not missed, json.dumps(missed, ensure_ascii=False, indent=1)


# --- the live models ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live(browser, address):
    """A page with the models of JavaScript and their weights; `live(expression, ...)` runs one."""
    opened = browser.new_page()
    opened.goto(f"{address}/live.html", timeout=DEADLOCK)
    opened.evaluate(
        "async () => { window.W = {}; for (const name of ['gan', 'vae', 'diffusion', 'image_gpt'])"
        " window.W[name] = await load(name); }"
    )

    def run(expression, **arguments):
        plain = {
            name: np.asarray(value).ravel().tolist() if np.ndim(value) else value
            for name, value in arguments.items()
        }
        names = ", ".join(plain)
        return np.asarray(
            opened.evaluate(f"({{ {names} }}) => Array.from({expression})", plain), np.float32
        )

    yield run
    opened.close()


def noise(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


@needs_browser
def test_the_live_gan_is_that_of_python(live):
    model = pretrained.load("conditional_gan")
    latents = noise(1, model.latent_dim)
    expected = (np.asarray(model.average_generator([latents, np.array([3])])) + 1) / 2
    found = live("gan(W.gan, Float32Array.from(z), 3)", z=latents)
    np.testing.assert_allclose(found, expected.ravel(), atol=1e-4)


@needs_browser
def test_the_live_vae_is_that_of_python(live):
    model = pretrained.load("vae")
    latents = noise(1, model.latent_dim)
    expected = np.asarray(model.draw(latents, np.zeros(1, np.int32)))
    found = live("vaeDecoder(W.vae, Float32Array.from(z))", z=latents)
    np.testing.assert_allclose(found, expected.ravel(), atol=1e-4)


@needs_browser
def test_the_live_fitted_prior_is_that_of_python(live):
    model = pretrained.load("vae")
    shares = np.cumsum(np.asarray(model.prior_weights))
    eps, component = noise(model.latent_dim), 7
    expected = np.asarray(model.prior_means)[component]
    expected = expected + np.asarray(model.prior_factors)[component] @ eps
    middle = float(shares[component] + shares[component - 1]) / 2
    found = live("fittedLatents(W.vae, Float32Array.from(z), u)", z=eps, u=middle)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@needs_browser
@pytest.mark.parametrize("guidance", [1.0, 2.0])
def test_the_live_diffusion_is_that_of_python(live, guidance):
    model = pretrained.load("diffusion")
    latents = noise(1, model.vae.latent_dim)
    steps, label = 10, np.array([5], np.int32)
    z = latents
    for step in range(steps):
        scale = None if guidance == 1.0 else guidance
        z = z + np.asarray(model.velocity(z, np.float32(step / steps), label, scale)) / steps
    expected = model.vae.draw(z * model.latent_scale + model.latent_mean, np.zeros(1, np.int32))
    found = live(
        "latentImage(W.diffusion, "
        "[...denoise(W.diffusion, Float32Array.from(z), 5, steps, guidance)].at(-1))",
        z=latents,
        steps=steps,
        guidance=guidance,
    )
    np.testing.assert_allclose(found, np.asarray(expected).ravel(), atol=1e-3)


@needs_browser
def test_the_live_tokenizer_is_that_of_python(live):
    model = pretrained.load("image_gpt")
    images = pretrained.load("conditional_gan").generate(3, "eight", seed=0)
    for image in images:
        tokens = model.tokenizer.encode(image[None])
        found = live("tokenise(W.image_gpt, Float32Array.from(pixels))", pixels=image / 255)
        np.testing.assert_array_equal(found, tokens[0])
        expected = np.asarray(model.tokenizer.intensities(tokens)).ravel()
        found = live("untokenise(W.image_gpt, tokens)", tokens=tokens)
        np.testing.assert_allclose(found, expected, atol=1e-4)


@needs_browser
def test_the_live_image_gpt_samples_the_tokens_of_python(live):
    """The same Gumbel noise gives the same tokens, free and with tokens that are given."""
    network = pretrained.load("image_gpt").network
    gumbel = np.random.default_rng(1).gumbel(size=(49, 240)).astype(np.float32)
    for fixed in (np.full(49, -1), np.where(np.arange(49) < 20, 7, -1)):
        tokens = np.zeros((1, 0), np.int32)
        for position in range(49):
            logits = [
                np.asarray(network(tokens, np.array([condition])))[0, -1] for condition in (4, 10)
            ]
            guided = logits[1] + 1.5 * (logits[0] - logits[1])
            drawn = int(np.argmax(guided + gumbel[position]))
            chosen = drawn if fixed[position] < 0 else fixed[position]
            tokens = np.append(tokens, [[chosen]], axis=1).astype(np.int32)
        found = live(
            "[...sampleTokens(W.image_gpt, fixed, 4, { guidance: 1.5, temperature: 1, "
            "gumbel: (p) => gumbel.slice(240 * p, 240 * (p + 1)) })].at(-1)",
            fixed=fixed,
            gumbel=gumbel,
        )
        np.testing.assert_array_equal(found, tokens[0])


@needs_browser
def test_every_live_figure_draws(page, address):
    page.goto(f"{address}/live.html", timeout=DEADLOCK)
    for name in ("gan", "vae", "gpt", "diffusion", "complete"):
        place = page.locator(f"[data-figure={name}]")
        place.scroll_into_view_if_needed(timeout=DEADLOCK)
        labelled = place.locator("canvas[aria-label]:not([aria-label*='is sampling'])")
        labelled.wait_for(state="attached", timeout=DEADLOCK)
    race = page.locator("[data-figure=race]")
    race.scroll_into_view_if_needed(timeout=DEADLOCK)
    race.locator("button").click(timeout=DEADLOCK)
    race.locator("tbody tr").nth(4).wait_for(timeout=DEADLOCK)
    # with the keyboard alone: a patch more, then another completion
    complete = page.locator("[data-figure=complete]")
    patch = complete.locator(".live-patches button").first
    patch.focus()
    patch.press("Space")
    assert patch.get_attribute("aria-pressed") == "true"
    complete.get_by_text("Complete", exact=True).press("Enter")
    complete.locator("canvas[aria-label*='22 of 49']").wait_for(state="attached", timeout=DEADLOCK)
    assert not page.wrong
