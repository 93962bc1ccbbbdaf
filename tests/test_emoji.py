"""The emoji data set: what it holds, that it is intact, whose it is, how it is split, and that a
build gives the same bytes each time.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from authors_tools import tool

from genimg_lib.data import emoji_set, load_emoji

ROOT = Path(__file__).parents[1]
FOLDER = emoji_set.EMOJI_PATH.parent
HELD_OUT = [part for part in emoji_set.PARTS if part.startswith("unseen")]

each_part = pytest.mark.parametrize("part", HELD_OUT)


@pytest.fixture(scope="module")
def emoji():
    return load_emoji()


# --- the pictures and their words -----------------------------------------------------------------


def test_every_picture_has_its_facts(emoji):
    assert len(emoji) >= 9000
    assert emoji.images.shape == (len(emoji), 32, 32, 3)
    assert emoji.images.dtype == np.uint8
    for language in ("english", "chinese"):
        assert emoji.names[language].shape == (len(emoji),)
        assert (np.char.str_len(emoji.names[language]) > 0).all()
        assert len(emoji.keywords[language]) == len(emoji)
        assert all(words and all(words) for words in emoji.keywords[language])
    for values in (emoji.concepts, emoji.bases, emoji.groups, emoji.styles):
        assert values.shape == (len(emoji),)
        assert (np.char.str_len(values) > 0).all()
    assert set(emoji.styles) == set(emoji_set.STYLES)


def test_chinese_is_chinese(emoji):
    """Names are in Chinese characters, except the letters that are on a few buttons."""
    names = emoji.names["chinese"]
    chinese = np.array([bool(re.search(r"[\u4e00-\u9fff]", name)) for name in names])
    assert chinese.mean() > 0.99
    assert names[emoji.names["english"] == "beach with umbrella"][0] == "沙滩伞"


def test_a_picture_is_known_by_style_and_concept_and_by_style_and_name(emoji):
    for values in (emoji.concepts, *emoji.names.values()):
        assert len(set(zip(emoji.styles, values, strict=True))) == len(emoji)


def test_pictures_stand_on_white_and_none_is_empty(emoji):
    """White corners belong to nearly all; what fills its square, such as a flag, has none."""
    corners = emoji.images[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert ((corners > 250).all(axis=(1, 2))).mean() > 0.9
    assert (emoji.images.reshape(len(emoji), -1).std(axis=1) > 0).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("woman scientist: medium skin tone", {"skin_tones": "medium", "genders": "female"}),
        ("scientist", {"skin_tones": "", "genders": "neutral"}),
        ("man running", {"genders": "male"}),
        ("person running", {"genders": "neutral"}),
        ("thumbs up: dark skin tone", {"skin_tones": "dark", "genders": ""}),
        ("woman and man holding hands", {"genders": "mixed"}),
        ("light blue heart", {"shapes": "heart", "colours": "light blue"}),
        ("black medium-small square", {"shapes": "square", "colours": "black", "bases": "square"}),
        ("broken heart", {"shapes": "", "colours": ""}),
        ("seven-thirty", {"times": "07:30", "bases": "clock"}),
        ("twelve o\u2019clock", {"times": "12:00"}),
        ("mantelpiece clock", {"times": ""}),
        ("flag: France", {"flags": "FR", "groups": "flags"}),
        ("flag: Scotland", {"flags": "gbsct"}),
        ("white flag", {"flags": "", "groups": "flags"}),
        ("female sign", {"genders": "", "bases": "2640"}),
    ],
)
def test_attributes_are_parsed(emoji, name, expected):
    rows = np.flatnonzero(emoji.names["english"] == name)
    assert len(rows)
    for field, value in expected.items():
        assert set(getattr(emoji, field)[rows]) == {value}


def test_attributes_agree_with_the_names(emoji):
    """The names come from another source than the code points that attributes are read from."""
    for name, tone in set(zip(emoji.names["english"], emoji.skin_tones, strict=True)):
        told = re.findall(r"(medium-light|medium-dark|light|medium|dark) skin tone", name)
        assert ", ".join(dict.fromkeys(told)) == tone, name
    people = emoji.groups == "people-body"
    for name, gender in set(
        zip(emoji.names["english"][people], emoji.genders[people], strict=True)
    ):
        words = set(re.split(r"\W+", name))
        if "family" in words or "headscarf" in words:
            continue
        assert (gender == "mixed") == ({"woman", "man"} <= words), name
        if "woman" in words and "man" not in words:
            assert gender == "female", name
        if "man" in words and "woman" not in words:
            assert gender == "male", name


def test_all_clocks_tones_and_colours_are_there(emoji):
    assert len(set(emoji.times) - {""}) == 24
    tones = {tone for tone in emoji.skin_tones if "," not in tone}
    assert tones == {"", "light", "medium-light", "medium", "medium-dark", "dark"}
    for shape, count in (("heart", 12), ("circle", 9), ("square", 9)):
        assert len(set(emoji.colours[emoji.shapes == shape])) == count
    assert len(set(emoji.flags) - {""}) >= 258


def test_red_shapes_are_red(emoji):
    """The pixels that are not white, on average."""
    colours = {"red": 0, "green": 1, "blue": 2}
    for colour, channel in colours.items():
        for image in emoji.images[(emoji.colours == colour)].astype(int):
            ink = image[(image < 240).any(axis=-1)].mean(axis=0)
            assert ink.argmax() == channel


# --- intact, or an error --------------------------------------------------------------------------


def test_the_package_is_small():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 12e6


def test_loading_needs_neither_keras_nor_pickle():
    code = (
        "import sys; from genimg_lib.data import load_emoji; load_emoji(); "
        "assert not {'tensorflow', 'keras', 'PIL'} & sys.modules.keys()"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    with np.load(emoji_set.EMOJI_PATH, allow_pickle=False) as archive:
        assert set(archive) == {"images", *emoji_set.EMOJI_SHA256}


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.npz does not exist"):
        load_emoji(tmp_path / "none.npz")


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_file_is_refused(tmp_path, share):
    content = emoji_set.EMOJI_PATH.read_bytes()
    (tmp_path / "short.npz").write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match="truncated or another file"):
        load_emoji(tmp_path / "short.npz")


@pytest.mark.parametrize("name", ["images", *emoji_set.EMOJI_SHA256])
def test_one_altered_byte_is_noticed(tmp_path, name):
    with np.load(emoji_set.EMOJI_PATH, allow_pickle=False) as archive:
        arrays = dict(archive)
    arrays[name] = arrays[name].copy()
    arrays[name].flat[7] ^= 1
    np.savez(tmp_path / "altered.npz", **arrays)
    with pytest.raises(ValueError, match=f"array {name} .* was altered"):
        load_emoji(tmp_path / "altered.npz")


def test_another_archive_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x_train=np.zeros(3))
    with pytest.raises(ValueError, match="not the emoji archive"):
        load_emoji(tmp_path / "other.npz")


def test_pictures_of_an_unknown_size_are_refused(tmp_path):
    with np.load(emoji_set.EMOJI_PATH, allow_pickle=False) as archive:
        arrays = dict(archive)
    np.savez(tmp_path / "small.npz", **arrays | {"images": arrays["images"][:, :16, :16]})
    with pytest.raises(ValueError, match=r"array images .* was altered"):
        load_emoji(tmp_path / "small.npz")


# --- whose work it is -----------------------------------------------------------------------------

SOURCES = {  # by the name that the tool gives a package: licence text, and words of its notice
    "noto": ("Apache-2.0.txt", "Google Inc.", "Apache License"),
    "twemoji": ("CC-BY-4.0.txt", "Twitter, Inc and other contributors", "Attribution 4.0"),
    "fluent": ("MIT-fluent-emoji.txt", "Copyright (c) Microsoft Corporation.", "MIT License"),
    "names": ("Unicode-3.0.txt", "Copyright © 2004-2026 Unicode, Inc.", "UNICODE LICENSE V3"),
    "derived names": ("Unicode-3.0.txt", "Copyright © 2004-2026 Unicode, Inc.", "UNICODE LICENSE"),
    "groups": ("MIT-emojibase.txt", "Copyright (c) 2017-2019 Miles Johnson", "MIT License"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_its_licence_and_notice(source):
    file, owner, licence = SOURCES[source]
    package = tool("build_emoji").PACKAGES[source]
    notice = (FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    text = (FOLDER / "licences" / file).read_text(encoding="utf-8")
    assert licence in text
    assert len(text) > 1000
    assert f"licences/{file}" in notice
    assert f"`{package.name}` {package.version}" in notice
    assert owner in notice
    if file not in ("Apache-2.0.txt", "CC-BY-4.0.txt"):
        assert owner in text


def test_every_package_and_every_style_has_a_source():
    assert tool("build_emoji").PACKAGES.keys() == SOURCES.keys()
    assert set(emoji_set.STYLES) <= SOURCES.keys()
    used = {file for file, *_ in SOURCES.values()}
    assert used == {path.name for path in (FOLDER / "licences").iterdir()}


def test_the_card_gives_the_counts(emoji):
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for part, rows in emoji.splits.items():
        assert f"| {part} | {len(rows):,} |" in card
    for style in emoji_set.STYLES:
        assert f"| `{style}` | {(emoji.styles == style).sum():,} |" in card
    groups, counts = np.unique(emoji.groups, return_counts=True)
    for group, count in zip(groups, counts, strict=True):
        assert f"| {group} | {count:,} |" in card
    assert f"{len(emoji):,} pictures of {len(set(emoji.concepts)):,} concepts" in card


# --- the splits -----------------------------------------------------------------------------------

# What no training picture may share with a held-out one.
HIDDEN = {
    "unseen concept": ("bases",),
    "unseen style": ("bases", "styles"),
    "unseen tone": ("bases", "skin_tones"),
    "unseen gender": ("bases", "genders"),
    "unseen colour": ("shapes", "colours"),
    "unseen time": ("times",),
}
# What each held-out picture must share with some training picture.
KNOWN = {
    "unseen concept": [("styles",)],
    "unseen style": [("concepts",), ("styles",)],
    "unseen tone": [("bases", "styles"), ("skin_tones",)],
    "unseen gender": [("bases", "styles"), ("genders",)],
    "unseen colour": [("shapes", "styles"), ("colours",)],
    "unseen time": [("bases", "styles")],
}


def combinations(emoji, fields, part) -> set[tuple]:
    rows = emoji.splits[part]
    return set(zip(*(getattr(emoji, field)[rows] for field in fields), strict=True))


def test_every_picture_is_in_exactly_one_part(emoji):
    rows = np.concatenate(list(emoji.splits.values()))
    assert np.array_equal(np.sort(rows), np.arange(len(emoji)))
    assert list(emoji.splits) == list(emoji_set.PARTS)
    assert len(emoji.splits["training"]) > 0.75 * len(emoji)
    assert len(emoji.splits["left out"]) < 0.05 * len(emoji)


@each_part
def test_no_held_out_combination_is_in_training(emoji, part):
    assert len(emoji.splits[part])
    hidden = combinations(emoji, HIDDEN[part], part)
    assert not hidden & combinations(emoji, HIDDEN[part], "training")


@each_part
def test_what_a_held_out_picture_takes_for_known_is_in_training(emoji, part):
    for fields in KNOWN[part]:
        wanted = combinations(emoji, fields, part)
        assert wanted <= combinations(emoji, fields, "training")


@each_part
def test_no_held_out_picture_is_nearly_one_of_training(emoji, part):
    """The distances are computed here in another way: integers, one picture at a time."""
    near = tool("_emoji_splits").NEAR
    training = emoji.images[emoji.splits["training"]].reshape(-1, 32 * 32 * 3)
    rows = emoji.splits[part]
    if len(rows) > 60:
        rows = np.random.default_rng(0).choice(rows, 60, replace=False)
    coarse = training[:, ::16].astype(np.int32)
    for image in emoji.images[rows].reshape(len(rows), -1).astype(np.int32):
        bound = ((coarse - image[::16]) ** 2).sum(axis=1)
        candidates = training[bound <= near**2 * image.size].astype(np.int32)
        distances = ((candidates - image) ** 2).mean(axis=1)
        assert not (distances <= near**2).any()


def test_no_picture_of_training_is_a_held_out_one(emoji):
    def digests(part):
        return {
            hashlib.sha256(image.tobytes()).digest() for image in emoji.images[emoji.splits[part]]
        }

    training = digests("training")
    assert not any(training & digests(part) for part in HELD_OUT)


def test_the_rule_gives_the_stored_parts(emoji):
    """From ids alone; pictures that were left out afterwards are the only difference."""
    rows = [
        {
            "concept": emoji.concepts[i],
            "style": emoji.styles[i],
            "base": emoji.bases[i],
            "skin_tone": emoji.skin_tones[i],
            "gender": emoji.genders[i],
            "shape": emoji.shapes[i],
            "colour": emoji.colours[i],
            "time": emoji.times[i],
        }
        for i in range(len(emoji))
    ]
    by_rule = np.array(tool("_emoji_splits").by_rule(rows))
    stored = np.empty(len(emoji), "<U20")
    for part, places in emoji.splits.items():
        stored[places] = part
    kept = stored != "left out"
    np.testing.assert_array_equal(stored[kept], by_rule[kept])
    assert not (by_rule[~kept] == "training").any()


def test_scores_are_fixed_and_uniform():
    score = tool("_emoji_splits").score
    assert score("base", "1f3d6") == pytest.approx(score("base", "1f3d6"), abs=0)
    scores = np.sort([score("test", str(i)) for i in range(1000)])
    # Kolmogorov-Smirnov: 1.95 / sqrt(1000) is exceeded once in a thousand times; the hash is fixed
    assert np.abs(scores - np.arange(1000) / 1000).max() < 1.95 / np.sqrt(1000)


def test_near_duplicates_are_found():
    """A picture that is a copy, one that is nearly one, and one that is not."""
    nearest = tool("_emoji_splits").nearest
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    others = images[[1, 0]].copy()
    others[1, 0, 0] ^= 255
    distances, indices = nearest(images, others)
    assert list(indices[:2]) == [1, 0]
    assert distances[1] == 0
    assert 0 < distances[0] < 10
    assert distances[2] > 50


# --- building it ----------------------------------------------------------------------------------


def square(colour: str) -> str:
    return f'<path fill="{colour}" d="M8 8h16v16H8z"/>'


def archive(folder: Path, build_emoji, source: str, members: dict) -> None:
    """Writes a package with JSON members, and lets its SHA-256 be the expected one."""
    package = build_emoji.PACKAGES[source]
    path = folder / package.archive
    with tarfile.open(path, "w:gz") as files:
        for name, content in members.items():
            data = json.dumps(content).encode()
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(data)
            files.addfile(info, io.BytesIO(data))
    return package._replace(sha256=hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.fixture
def tiny(tmp_path):
    """Two emoji in three styles, one of them a mirrored alias, and a third without a name."""
    build_emoji = tool("build_emoji")
    words = {"🟥": {"default": ["red"], "tts": ["red square"]}}
    derived = {"👈": {"default": ["left", "finger"], "tts": ["pointing left"]}}
    packages = {}
    for style in emoji_set.STYLES:
        icons = {
            "prefix": style,
            "width": 32,
            "height": 32,
            "icons": {
                "red-square": {"body": square("#f00")},
                "right": {"body": '<path fill="#00f" d="M16 0h16v32H16z"/>'},
                "nameless": {"body": square("#0f0")},
            },
            "aliases": {"left": {"parent": "right", "hFlip": True}},
        }
        names = {"1f7e5": "red-square", "1f448-fe0f": "left", "1faff": "nameless"}
        members = {"icons.json": icons, "chars.json": names}
        packages[style] = archive(tmp_path, build_emoji, style, members)
    for source, key, found in (
        ("names", "annotations", words),
        ("derived names", "annotationsDerived", derived),
    ):
        members = {
            f"{key}/{code}/annotations.json": {key: {"annotations": found}} for code in ("en", "zh")
        }
        packages[source] = archive(tmp_path, build_emoji, source, members)
    listed = [
        {"hexcode": "1F7E5", "order": 2, "group": 1},
        {"hexcode": "1F448", "order": 1, "group": 0},
        {"hexcode": "1FAFF", "order": 3, "group": 1},
    ]
    members = {
        "meta/groups.json": {"groups": {"0": "hands", "1": "symbols"}},
        "en/data.json": listed,
    }
    packages["groups"] = archive(tmp_path, build_emoji, "groups", members)
    return build_emoji, tmp_path, packages


def test_a_build_gives_the_same_bytes_twice(tiny, tmp_path):
    build_emoji, folder, packages = tiny
    for name in ("first", "second"):
        np.savez_compressed(tmp_path / f"{name}.npz", **build_emoji.build(folder, 32, packages))
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_a_build_renders_names_and_orders(tiny):
    build_emoji, folder, packages = tiny
    arrays = build_emoji.build(folder, 32, packages)
    lines = arrays["concepts"].tobytes().decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["1f448", "1f7e5"]
    assert lines[0].split("\t")[3:5] == ["pointing left", "left|finger"]
    assert arrays["concept"].tolist() == [0, 0, 0, 1, 1, 1]
    assert arrays["style"].tolist() == [0, 1, 2, 0, 1, 2]
    left, red = arrays["images"][[0, 3]]
    assert (left[:, :12] == (0, 0, 255)).all() and (left[:, 20:] == 255).all()
    assert (red[12:20, 12:20] == (255, 0, 0)).all() and (red[:4] == 255).all()


def test_another_size_keeps_the_parts(tiny):
    build_emoji, folder, packages = tiny
    small, large = (build_emoji.build(folder, size, packages) for size in (32, 64))
    assert large["images"].shape == (6, 64, 64, 3)
    for name in emoji_set.EMOJI_SHA256:
        np.testing.assert_array_equal(small[name], large[name])


def test_an_altered_package_is_refused(tiny):
    build_emoji, folder, packages = tiny
    path = folder / packages["noto"].archive
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ValueError, match="was altered"):
        build_emoji.build(folder, 32, packages)


def test_the_archive_carries_no_date():
    """Else two builds would differ."""
    with zipfile.ZipFile(emoji_set.EMOJI_PATH) as files:
        assert {info.date_time for info in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
