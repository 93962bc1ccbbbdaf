"""A text to train small language models on: the prose of this course's first lessons."""

from pathlib import Path

from genimg_lib.data.digests import check_digest

PROSE_PATH = Path(__file__).parent / "course_prose.txt"
PROSE_SHA256 = "bc1cec17a831b937ebfc174e6b46c83f960d5cbfcd161d037262560180288943"


def load_course_prose(path: Path | str = PROSE_PATH) -> list[str]:
    """Loads 86 thousand characters of English that the course ships: a list of paragraphs.

    They are the prose of five lessons in their first edition (start here, measuring images, VAE,
    GAN, GAN stability), without code, formulas, tables and links. The text stays as it is when
    the lessons change, so that what was trained on it stays comparable.

    Raises `FileNotFoundError` if the file is missing and `ValueError` if it differs by one byte.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; it is part of the course: restore it with `git checkout`"
        )
    check_digest(path, PROSE_SHA256)
    return path.read_text(encoding="ascii").splitlines()
