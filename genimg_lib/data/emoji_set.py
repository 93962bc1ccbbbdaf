"""Emoji as pictures with names: 32x32 pixels in colour, three styles, English and Chinese.

`emoji/README.md` describes the data, `emoji/NOTICE.md` says whose work they are.
"""

import dataclasses
import zipfile
from pathlib import Path

import numpy as np

from genimg_lib.data.digests import check_digest

EMOJI_PATH = Path(__file__).parent / "emoji" / "emoji.npz"
EMOJI_SHA256 = {
    "concepts": "bd117bfb3e6c977bed20a12c3296a4d0bed51e10440dc1ff1e1fe002150924c7",
    "concept": "72df33280a0a0a6f623a9e45c579d1aecc8fdb9698649a6a86ebf687d61f496e",
    "style": "0db605720109c350afab821636eabb4edbeeacadb35b6ed6b7dd2e5572f180af",
    "part": "935367ac9cf10a32262b82389f6984dbda052f01834b51827522db239b085351",
}
EMOJI_IMAGES_SHA256 = {  # by height and width in pixels
    32: "e08dd75a8a6e9e3c1b1c7bf19ebd38f14f545326337be0401e08cad47792fa64",
    64: "de0025ec7f83c021e18158b63377630e3d014d2421dbc8e7605cb4db04a4c93c",
}

STYLES = ("noto", "twemoji", "fluent")
PARTS = (
    "training",
    "unseen concept",
    "unseen style",
    "unseen tone",
    "unseen gender",
    "unseen colour",
    "unseen time",
    "left out",
)
# The columns of the table of concepts, one row of text each; keywords are separated by bars.
COLUMNS = (
    "concept",
    "base",
    "group",
    "english name",
    "english keywords",
    "chinese name",
    "chinese keywords",
    "skin_tone",
    "gender",
    "shape",
    "colour",
    "time",
    "flag",
)


@dataclasses.dataclass(frozen=True, eq=False)
class EmojiSet:
    """n pictures and what is known of each: arrays of n strings, empty where nothing applies.

    Names and keywords are dictionaries with the keys "english" and "chinese"; `splits` has the
    names in `PARTS` as keys.
    """

    images: np.ndarray  # (n, height, width, 3) uint8, on white
    names: dict[str, np.ndarray]  # "woman scientist: medium skin tone"
    keywords: dict[str, list[tuple[str, ...]]]
    styles: np.ndarray  # one of STYLES
    concepts: np.ndarray  # code points: "1f469-1f3fd-200d-1f52c"
    bases: np.ndarray  # the concept without tone, gender and direction; "clock", "heart"
    groups: np.ndarray  # "people-body", "food-drink", "flags"
    skin_tones: np.ndarray  # "medium-dark"; "dark, light" for two people who differ
    genders: np.ndarray  # "female", "male", "neutral", "mixed"
    shapes: np.ndarray  # "heart", "circle", "square": the plain ones, of one colour
    colours: np.ndarray  # of such a shape: "light blue"
    times: np.ndarray  # of a clock face: "07:30"
    flags: np.ndarray  # of a region, "FR", or of a subdivision, "gbeng"
    splits: dict[str, np.ndarray]  # indices; every picture is in one

    def __len__(self) -> int:
        return len(self.images)


def load_emoji(path: Path | str = EMOJI_PATH) -> EmojiSet:
    """Loads the emoji that the course ships: 10,765 pictures of 3,944 concepts.

    `path` may name a file that `tools/build_emoji.py` wrote with 64x64 pixels.

    Raises `FileNotFoundError` if the file is missing and `ValueError` if it is truncated or differs
    by one byte.

    Source: Noto Emoji, Twemoji, Fluent Emoji and Unicode CLDR; see `emoji/NOTICE.md`.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; it is part of the course: restore it with `git checkout`"
        )
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in ("images", *EMOJI_SHA256)}
    except (zipfile.BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
        raise ValueError(
            f"{path} is not the emoji archive of the course (truncated or another file): {error}"
        ) from None
    for name, array in arrays.items():
        expected = EMOJI_SHA256.get(name) or EMOJI_IMAGES_SHA256.get(array.shape[1], "unknown")
        check_digest(array.tobytes(), expected, f"array {name} in {path}")
    return _emoji_set(arrays)


def _emoji_set(arrays: dict[str, np.ndarray]) -> EmojiSet:
    """What the arrays of an archive say, with one row per picture."""
    lines = arrays["concepts"].tobytes().decode().splitlines()
    columns = zip(*(line.split("\t") for line in lines), strict=True)
    of_concept = dict(zip(COLUMNS, columns, strict=True))
    concept = arrays["concept"]

    def of_picture(column: str) -> np.ndarray:
        return np.array(of_concept[column])[concept]

    def words_of_picture(column: str) -> list[tuple[str, ...]]:
        words = [tuple(text.split("|")) for text in of_concept[column]]
        return [words[row] for row in concept]

    languages = ("english", "chinese")
    return EmojiSet(
        images=arrays["images"],
        names={language: of_picture(f"{language} name") for language in languages},
        keywords={language: words_of_picture(f"{language} keywords") for language in languages},
        styles=np.array(STYLES)[arrays["style"]],
        concepts=of_picture("concept"),
        bases=of_picture("base"),
        groups=of_picture("group"),
        skin_tones=of_picture("skin_tone"),
        genders=of_picture("gender"),
        shapes=of_picture("shape"),
        colours=of_picture("colour"),
        times=of_picture("time"),
        flags=of_picture("flag"),
        splits={part: np.flatnonzero(arrays["part"] == i) for i, part in enumerate(PARTS)},
    )
