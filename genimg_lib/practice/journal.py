"""Private local files that are only added to: one line of JSON per entry, under a header that says
what the file holds.

Two processes that write at once lose nothing: both only append, under a lock, and each reads the
lines of the other. A file that cannot be read or written never stops the learner: it is reported in
`Journal.message`.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

import platformdirs
from filelock import FileLock

from genimg_lib.notebook import home

FOLDER_VARIABLE = "GENIMG_PROGRESS"
SECONDS = 10  # to wait for another process that writes
Entry = TypeVar("Entry")


def private_path(name: str) -> Path:
    """Where a journal lies.

    In the folder GENIMG_PROGRESS if that is set, else in GENIMG_HOME/progress if that is, else in
    the user's data folder.
    """
    folder = (
        os.environ.get(FOLDER_VARIABLE)
        or home.part("progress")
        or platformdirs.user_data_dir("genimg", appauthor=False)
    )
    return Path(folder) / f"{name}.jsonl"


class Journal(Generic[Entry]):
    """The entries in one file. `message` says what is wrong with the file, or is empty.

    Args:
        path: the file.
        header: the first line, as a dictionary.
        parse: what was read of a line -> entry; raises `KeyError`, `TypeError` or `ValueError` for
            what is none.
        dump: entry -> dictionary.
    """

    def __init__(
        self,
        path: Path,
        header: dict,
        parse: Callable[[dict], Entry],
        dump: Callable[[Entry], dict],
    ):
        self.path = Path(path)
        self.message = ""
        self._header = header
        self._parse = parse
        self._dump = dump
        self._unsaved: list[Entry] = []
        self._lock = FileLock(f"{self.path}.lock", timeout=SECONDS)

    def read(self) -> list[Entry]:
        """All entries, in the order in which they were written.

        A damaged file, or one of another version, is kept aside under another name; what could be
        read of it goes into a fresh file, and `message` tells. A file that cannot be locked is read
        as it is; one that cannot be read counts as empty.
        """
        try:
            if not self.path.exists():
                return list(self._unsaved)
            with self._locked():
                return self._read() + self._unsaved
        except OSError as error:
            self.message = self._complaint("brought up to date", error)
            return self._readable() + self._unsaved

    def add(self, entry: Entry) -> None:
        """Appends one entry.

        If the file cannot be written, the entry is kept in memory, `message` tells, and the next
        call tries again.
        """
        self._save([entry])

    def _save(self, entries: list[Entry]) -> None:
        self._unsaved += entries
        try:
            with self._locked():
                self._read()  # never append to a damaged file
                self._append(self._unsaved)
            self._unsaved = []
        except OSError as error:
            self.message = self._complaint("written", error)

    def entries_in(self, path: Path) -> tuple[list[Entry], int]:
        """The entries in another file of this kind, which stays as it is, and how many lines could
        not be read.

        Raises OSError for a file that cannot be read and ValueError for one of another kind.
        """
        head, *lines = path.read_bytes().split(b"\n")
        if _decode(head) != self._header:
            expected = json.dumps(self._header)
            raise ValueError(f"{path}: the first line of such a file is {expected}.")
        entries = [self._entry(line) for line in lines if line.strip()]
        kept = [entry for entry in entries if entry]
        return kept, len(entries) - len(kept)

    def _locked(self) -> FileLock:
        if str(self.path).startswith("~"):  # platformdirs found nothing to put in its place
            raise OSError("there is no home folder")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self._lock

    def _complaint(self, what: str, error: OSError) -> str:
        reason = error.strerror or str(error)
        return (
            f"The progress file {self.path} could not be {what} ({reason}). "
            f"To keep your progress, set {FOLDER_VARIABLE} to a folder that you can write to."
        )

    def _readable(self) -> list[Entry]:
        try:
            head, *lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return []
        entries = [self._entry(line) for line in lines if line]
        return [entry for entry in entries if entry] if _decode(head) == self._header else []

    def _read(self) -> list[Entry]:
        if not self.path.exists():
            return []
        head, *lines = self.path.read_bytes().split(b"\n")
        entries = [self._entry(line) for line in lines if line]
        complete = lines[-1:] == [b""]  # the last line was written to its end
        header = _decode(head)
        if header == self._header and None not in entries and complete:
            return entries
        kept = [entry for entry in entries if entry] if header in (self._header, None) else []
        aside = self._set_aside()
        self._append(kept)
        self.message = (
            f"The progress file could not be read completely. It is kept as {aside.name} beside "
            f"{self.path}; "
            f"a fresh one was started with the {len(kept)} entries that could be read."
        )
        return kept

    def _entry(self, line: bytes) -> Entry | None:
        try:
            return self._parse(_decode(line))
        except (KeyError, TypeError, ValueError):
            return None

    def _set_aside(self) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        for number in range(1000):
            aside = self.path.with_name(
                f"{self.path.stem}.damaged-{stamp}-{number}{self.path.suffix}"
            )
            if not aside.exists():
                return self.path.rename(aside)
        raise OSError(f"there are too many damaged progress files beside {self.path}")

    def _append(self, entries: list[Entry]) -> None:
        lines = [] if self.path.exists() else [self._header]
        lines += [self._dump(entry) for entry in entries]
        with self.path.open("ab") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())


def _decode(line: bytes):
    try:
        return json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
