"""Files that must not have changed: their SHA-256, and the one error that says that they did."""

import hashlib
from pathlib import Path


def sha256(source: bytes | Path) -> str:
    """The SHA-256 of bytes or of a file's content, in hexadecimal."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with open(source, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_digest(
    source: bytes | Path, expected: str, what: str | None = None, expected_by: str = "expected"
) -> None:
    """Raises `ValueError` unless the SHA-256 of `source` is `expected`.

    Args:
        source: bytes, or the path of a file.
        expected: in hexadecimal.
        what: the name of the source in the error; `None`: its path.
        expected_by: who knows better, such as "its card says".
    """
    found = sha256(source)
    if found != expected:
        raise ValueError(
            f"{what or source} was altered: its SHA-256 is {found[:12]}..., {expected_by} "
            f"{expected[:12]}..."
        )
