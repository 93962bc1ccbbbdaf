"""Builds the emoji data set from packages of npm, byte for byte the same each time.

    uv run tools/build_emoji.py                                 # what the course ships, 32x32
    uv run tools/build_emoji.py --size 64 --target emoji64.npz

`npm pack` fetches the packages, of the versions below, into a folder that is kept; a package whose
SHA-256 differs is refused. Each drawing is rendered by resvg on white at twice the size and halved
with a Lanczos filter. The whole build takes several minutes of one core.
"""

import io
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _emoji_attributes import neutral_where_others_are_not, parse
from _emoji_splits import split
from _shared import ROOT, command_line
from PIL import Image

from genimg_lib.data.digests import check_digest, sha256
from genimg_lib.data.emoji_set import COLUMNS, EMOJI_PATH, PARTS, STYLES

FETCHED = ROOT / "build" / "emoji"
RESVG_VERSION = "0.5.0"  # of the package resvg-py; its SHA-256 is in uv.lock
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}">{body}</svg>'
)


class Package(NamedTuple):
    """A package of npm: name, version and the SHA-256 of its archive."""

    name: str
    version: str
    sha256: str

    @property
    def archive(self) -> str:
        return f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz"


PACKAGES = {
    "noto": Package(
        "@iconify-json/noto",
        "1.2.9",
        "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad",
    ),
    "twemoji": Package(
        "@iconify-json/twemoji",
        "1.2.5",
        "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
    ),
    "fluent": Package(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
    ),
    "names": Package(
        "cldr-annotations-full",
        "48.2.0",
        "28576e51225deb51e3ddd734b0f824a0079682cb5d8c27faa9f68149317a14d1",
    ),
    "derived names": Package(
        "cldr-annotations-derived-full",
        "48.2.0",
        "4be946ff5815f806ec78b50363d577a769f2fbfb90c6380a44e161a92436996e",
    ),
    "groups": Package(
        "emojibase-data",
        "17.0.0",
        "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    ),
}


# --- packages -------------------------------------------------------------------------------------


def fetch(folder: Path) -> None:
    """Puts the archives that are missing into the folder."""
    missing = [package for package in PACKAGES.values() if not (folder / package.archive).exists()]
    if missing and not shutil.which("npm"):
        names = ", ".join(f"{package.name}@{package.version}" for package in missing)
        raise SystemExit(f"npm is not installed; put the archives of {names} into {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    for package in missing:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def read(folder: Path, package: Package, member: str):
    """A JSON file of a package, whose archive is checked first."""
    archive = folder / package.archive
    check_digest(archive, package.sha256)
    with tarfile.open(archive) as files:
        return json.load(files.extractfile(f"package/{member}"))


# --- concepts -------------------------------------------------------------------------------------


def concept_of(code_points: str) -> str:
    """Code points in hexadecimal as the id of a concept: lower case, without U+FE0F."""
    points = code_points.lower().split("-")
    return "-".join(point for point in points if point != "fe0f")


class Listed(NamedTuple):
    """What Unicode lists about a concept."""

    order: int
    group: str


def listed_concepts(folder: Path, packages: dict[str, Package]) -> dict[str, Listed]:
    """The concepts that have a place and a group, with their variants of skin tone; without the
    components, such as a skin tone alone.
    """
    package = packages["groups"]
    groups = read(folder, package, "meta/groups.json")["groups"]
    entries = read(folder, package, "en/data.json")
    variants = [variant for entry in entries for variant in (entry, *entry.get("skins", ()))]
    return {
        concept_of(variant["hexcode"]): Listed(variant["order"], groups[str(variant["group"])])
        for variant in variants
        if groups.get(str(variant.get("group")), "component") != "component"
    }


def annotations(folder: Path, packages: dict[str, Package], language: str) -> dict[str, dict]:
    """Name and keywords by emoji, as CLDR has them: `tts` and `default`, lists of strings."""
    found = {}
    for source, key in (("names", "annotations"), ("derived names", "annotationsDerived")):
        content = read(folder, packages[source], f"{key}/{language}/annotations.json")
        found |= content[key]["annotations"]
    return found


def concept_table(folder: Path, packages: dict[str, Package]) -> dict[str, dict]:
    """The rows of the table of concepts, in the order of Unicode: those that have a group, names
    and keywords in both languages.
    """
    languages = {"english": "en", "chinese": "zh"}
    words = {name: annotations(folder, packages, code) for name, code in languages.items()}
    rows = {}
    attributes = {}
    listed = listed_concepts(folder, packages)
    for concept in sorted(listed, key=lambda concept: (listed[concept].order, concept)):
        emoji = "".join(chr(int(point, 16)) for point in concept.split("-"))
        if not all(emoji in found for found in words.values()):
            continue
        row = {"concept": concept, "group": listed[concept].group}
        for language, found in words.items():
            (row[f"{language} name"],) = found[emoji]["tts"]
            row[f"{language} keywords"] = "|".join(found[emoji]["default"])
        rows[concept] = row
        attributes[concept] = parse(concept, row["english name"])
    attributes = neutral_where_others_are_not(attributes)
    return {concept: row | attributes[concept]._asdict() for concept, row in rows.items()}


# --- pictures -------------------------------------------------------------------------------------


def drawings(icons: dict, names: dict[str, str]) -> dict[str, str]:
    """An SVG by concept; `names` are the names of the icons by code points."""
    found = {}
    for code_points, name in names.items():
        alias = icons.get("aliases", {}).get(name, {})
        icon = icons["icons"][alias.get("parent", name)]
        box = {
            "left": icon.get("left", 0),
            "top": icon.get("top", 0),
            "width": icon.get("width", icons["width"]),
            "height": icon.get("height", icons["height"]),
        }
        body = icon["body"]
        if alias.get("hFlip"):
            shift = 2 * box["left"] + box["width"]
            body = f'<g transform="translate({shift} 0) scale(-1 1)">{body}</g>'
        if unknown := alias.keys() - {"parent", "hFlip", "hidden"}:
            raise ValueError(f"alias {name} has {', '.join(sorted(unknown))}, which is not known")
        found[concept_of(code_points)] = SVG.format(body=body, **box)
    return found


def picture(svg: str, size: int) -> np.ndarray:
    """The drawing on white: (size, size, 3) `uint8`."""
    import resvg_py

    png = resvg_py.svg_to_bytes(svg, width=2 * size, height=2 * size, skip_system_fonts=True)
    drawn = Image.open(io.BytesIO(png)).convert("RGBA")
    page = Image.new("RGBA", (2 * size, 2 * size), "white")
    page.alpha_composite(drawn, ((2 * size - drawn.width) // 2, (2 * size - drawn.height) // 2))
    return np.asarray(page.convert("RGB").resize((size, size), Image.Resampling.LANCZOS))


# --- the archive ----------------------------------------------------------------------------------


def build(folder: Path, size: int, packages: dict[str, Package] = PACKAGES) -> dict:
    """The arrays of the archive, in the form that `genimg_lib.data.emoji_set` reads.

    Parts are decided on pictures of 32x32 pixels, whatever the size.
    """
    table = concept_table(folder, packages)
    sources = {
        style: drawings(
            read(folder, packages[style], "icons.json"), read(folder, packages[style], "chars.json")
        )
        for style in STYLES
    }
    table = {
        concept: row
        for concept, row in table.items()
        if any(concept in found for found in sources.values())
    }
    rows = [
        row | {"style": style}
        for concept, row in table.items()
        for style in STYLES
        if concept in sources[style]
    ]

    def pictures(pixels: int) -> np.ndarray:
        return np.stack([picture(sources[row["style"]][row["concept"]], pixels) for row in rows])

    small = pictures(32)
    images = small if size == 32 else pictures(size)
    places = {concept: place for place, concept in enumerate(table)}
    lines = ["\t".join(row[column] for column in COLUMNS) for row in table.values()]
    return {
        "images": images,
        "concepts": np.frombuffer("\n".join(lines).encode(), np.uint8),
        "concept": np.array([places[row["concept"]] for row in rows], np.uint16),
        "style": np.array([STYLES.index(row["style"]) for row in rows], np.uint8),
        "part": split(rows, small),
    }


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--size", type=int, default=32, help="height and width in pixels")
    parser.add_argument("--packages", type=Path, default=FETCHED, help="the folder of the archives")
    parser.add_argument("--target", type=Path, default=EMOJI_PATH, help="the file to write")
    options = parser.parse_args()
    import resvg_py

    if resvg_py.__version__ != RESVG_VERSION:
        raise SystemExit(f"resvg-py {RESVG_VERSION} is needed, {resvg_py.__version__} is installed")
    fetch(options.packages)
    arrays = build(options.packages, options.size)
    np.savez_compressed(options.target, **arrays)
    for name, array in arrays.items():
        print(f"{name}: {array.shape}, SHA-256 {sha256(array.tobytes())}")
    for index, part in enumerate(PARTS):
        print(f"{part}: {np.count_nonzero(arrays['part'] == index)}")
    print(f"{options.target}: {os.path.getsize(options.target)} bytes, {sha256(options.target)}")


if __name__ == "__main__":
    main()
