"""What the server of a class keeps: one SQLite file, readable by its owner only.

Codes and tokens are kept as hashes. Every question that a learner may ask names the learner by the
token, so that there is no way to name somebody else.
"""

import hashlib
import os
import re
import secrets
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from genimg_lib.classroom import mistakes
from genimg_lib.practice.exercises import catalogue

EVENT_FIELDS = {"id", "exercise", "verdict", "mistake", "when"}
EVENT_ID = re.compile(r"[0-9a-f]{32}")
EXERCISE = re.compile(r"[a-z][a-z0-9_.]{0,79}")
NAME_LENGTH = 40
EVENTS = 5_000  # of one learner; three hundred checks an evening are many
BATCH = 200  # events of one request
HAND_IN_BYTES = 2_000_000
# no 0, O, 1, I and L: codes are read from a sheet of paper
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

TABLES = """
CREATE TABLE IF NOT EXISTS teacher (token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS learner (
    number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, token TEXT UNIQUE, pseudonym TEXT);
CREATE TABLE IF NOT EXISTS event (
    learner INTEGER NOT NULL, id TEXT NOT NULL, exercise TEXT NOT NULL, passed INTEGER NOT NULL,
    mistake TEXT NOT NULL, moment TEXT NOT NULL, PRIMARY KEY (learner, id));
CREATE TABLE IF NOT EXISTS hand_in (
    learner INTEGER NOT NULL, notebook TEXT NOT NULL, content TEXT NOT NULL, moment TEXT NOT NULL,
    PRIMARY KEY (learner, notebook));
"""


class Refused(ValueError):
    """What was sent is not accepted; the message says why."""


@dataclass(frozen=True)
class Learner:
    """Somebody who has claimed a code."""

    number: int
    pseudonym: str


@dataclass(frozen=True)
class Event:
    """One check of one learner; `mistake` is a key, or empty for a check that passed."""

    learner: int
    exercise: str
    passed: bool
    mistake: str
    when: datetime


class Store:
    """The file of one class. One connection, used by one thread at a time."""

    def __init__(self, path: Path):
        path = Path(path)
        if not path.exists():
            raise ValueError(f"there is no class in {path}; make one with: genimg class open")
        self.path = path
        self._lock = threading.RLock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA secure_delete = ON")

    @classmethod
    def create(cls, path: Path, learners: int) -> tuple["Store", str, list[str]]:
        """A new class: the store, the teacher's token, and one code per learner.

        Only hashes of them are kept, so they are told here once. Raises ValueError for a class
        that is there already, or a number of learners outside of 1 to 500.
        """
        if not 1 <= learners <= 500:
            raise ValueError(f"a class has 1 to 500 learners, not {learners}")
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise ValueError(f"there is a class in {path} already: genimg class close") from None
        store = cls(path)
        token = secrets.token_urlsafe(24)
        codes = [_new_code() for _ in range(learners)]
        store._base.executescript(TABLES)
        store._base.execute("INSERT INTO teacher VALUES (?)", (_hash(token),))
        rows = [(number, _hash(code)) for number, code in enumerate(codes, 1)]
        store._base.executemany("INSERT INTO learner (number, code) VALUES (?, ?)", rows)
        return store, token, codes

    def close(self) -> None:
        self._base.close()

    # --- who asks ---------------------------------------------------------------------------------

    def is_teacher(self, token: str) -> bool:
        """Whether a token is that of the teacher."""
        (known,) = self._one("SELECT token FROM teacher")
        return secrets.compare_digest(known, _hash(token))

    def learner(self, token: str) -> Learner | None:
        """The learner who was given a token, or None."""
        row = self._one("SELECT number, pseudonym FROM learner WHERE token = ?", _hash(token))
        return Learner(*row) if row else None

    def has_code(self, number: int, code: str) -> bool:
        """Whether a code is that of a learner: what a hub asks when somebody logs in."""
        row = self._one("SELECT code FROM learner WHERE number = ?", number)
        return bool(row) and secrets.compare_digest(row[0], _hash(code.strip().upper()))

    def hashes(self) -> dict[int | None, str]:
        """The hash of each learner's code by number; under None that of the teacher's token."""
        (teacher,) = self._one("SELECT token FROM teacher")
        return {
            None: teacher,
            **dict(self._all("SELECT number, code FROM learner ORDER BY number")),
        }

    def claim(self, code: str, pseudonym: str) -> str:
        """Gives the token for a code to the first who asks; Refused for one who comes later."""
        name = " ".join(str(pseudonym).split())
        if not name or len(name) > NAME_LENGTH or not name.isprintable():
            raise Refused(f"a pseudonym has 1 to {NAME_LENGTH} printable characters")
        token = secrets.token_urlsafe(24)
        with self._lock:
            done = self._base.execute(
                "UPDATE learner SET token = ?, pseudonym = ? WHERE code = ? AND token IS NULL",
                (_hash(token), name, _hash(str(code).strip().upper())),
            )
        if not done.rowcount:
            raise Refused("this code is unknown, or somebody has used it: ask your teacher")
        return token

    def renew(self, number: int) -> str:
        """A new code for a learner who lost the old one, which ends the old token; keeps the
        events. Raises ValueError for a number that is not in the class.
        """
        code = _new_code()
        with self._lock:
            done = self._base.execute(
                "UPDATE learner SET code = ?, token = NULL WHERE number = ?", (_hash(code), number)
            )
        if not done.rowcount:
            raise ValueError(f"there is no learner {number} in this class")
        return code

    # --- what a learner sends ---------------------------------------------------------------------

    def add_events(self, learner: Learner, entries) -> int:
        """Keeps the events that are new; returns how many. Refused for a field that is not one."""
        if not isinstance(entries, list) or len(entries) > BATCH:
            raise Refused(f"events are a list of at most {BATCH}")
        rows = [(learner.number, *_checked(entry)) for entry in entries]
        with self._lock:
            (before,) = self._one("SELECT count(*) FROM event WHERE learner = ?", learner.number)
            if before + len(rows) > EVENTS:
                raise Refused(f"a learner has at most {EVENTS} events")
            done = self._base.executemany("INSERT OR IGNORE INTO event VALUES (?,?,?,?,?,?)", rows)
        return done.rowcount

    def add_hand_in(self, learner: Learner, notebook, content) -> None:
        """Keeps a notebook, the last one of each name. Refused for a name the course has not."""
        stems = {path.stem for path in catalogue.notebooks()}
        if notebook not in stems:
            raise Refused("only notebooks of exercises are handed in")
        if not isinstance(content, str) or len(content.encode()) > HAND_IN_BYTES:
            raise Refused(f"a notebook has at most {HAND_IN_BYTES:,} bytes")
        row = (learner.number, notebook, content, _stamp(datetime.now(UTC)))
        with self._lock:
            self._base.execute("INSERT OR REPLACE INTO hand_in VALUES (?, ?, ?, ?)", row)

    def forget(self, learner: Learner) -> None:
        """Deletes all of one learner: events, hand-ins, name. The code can be used again."""
        with self._lock:
            for table in ("event", "hand_in"):
                self._base.execute(f"DELETE FROM {table} WHERE learner = ?", (learner.number,))
            self._base.execute(
                "UPDATE learner SET token = NULL, pseudonym = NULL WHERE number = ?",
                (learner.number,),
            )

    # --- what a teacher reads ---------------------------------------------------------------------

    def size(self) -> int:
        """For how many learners the class was opened."""
        return self._one("SELECT count(*) FROM learner")[0]

    def learners(self) -> list[Learner]:
        """Those who have joined, by number."""
        return [
            Learner(*row)
            for row in self._all(
                "SELECT number, pseudonym FROM learner WHERE pseudonym IS NOT NULL ORDER BY number"
            )
        ]

    def events(self, learner: Learner | None = None) -> list[Event]:
        """The events of all or of one, in the order in which they happened."""
        where, values = ("WHERE learner = ?", (learner.number,)) if learner else ("", ())
        return [
            Event(number, exercise, bool(passed), mistake, datetime.fromisoformat(moment))
            for number, exercise, passed, mistake, moment in self._all(
                f"SELECT learner, exercise, passed, mistake, moment FROM event {where} "
                "ORDER BY moment, rowid",
                *values,
            )
        ]

    def hand_ins(self) -> list[tuple[Learner, str, str]]:
        """(learner, notebook, content) of all that was handed in."""
        by_number = {learner.number: learner for learner in self.learners()}
        rows = self._all(
            "SELECT learner, notebook, content FROM hand_in ORDER BY learner, notebook"
        )
        return [(by_number[number], notebook, content) for number, notebook, content in rows]

    def _one(self, query: str, *values):
        with self._lock:
            return self._base.execute(query, values).fetchone()

    def _all(self, query: str, *values) -> list[tuple]:
        with self._lock:
            return self._base.execute(query, values).fetchall()


def _checked(entry) -> tuple:
    """The row of an event. Refused unless it has exactly the known fields, and each is valid."""
    if not isinstance(entry, dict) or set(entry) != EVENT_FIELDS:
        raise Refused(f"an event has the fields {', '.join(sorted(EVENT_FIELDS))}, and no other")
    if not all(isinstance(value, str) for value in entry.values()):
        raise Refused("the fields of an event are texts")
    passed = entry["verdict"] == "passed"
    mistake = entry["mistake"]
    valid = (
        EVENT_ID.fullmatch(entry["id"])
        and EXERCISE.fullmatch(entry["exercise"])
        and entry["verdict"] in ("passed", "not yet")
        and (not mistake if passed else mistakes.KEY.fullmatch(mistake))
        and (passed or mistake.startswith(f"{entry['exercise']}-"))
    )
    if not valid:
        raise Refused("a field of an event has no valid value")
    try:
        when = datetime.fromisoformat(entry["when"])
    except ValueError:
        raise Refused("`when` is no time") from None
    if when.tzinfo is None:
        raise Refused("`when` has no time zone")
    when = min(when, datetime.now(UTC))  # the clock of a laptop may be ahead
    return entry["id"], entry["exercise"], passed, mistake, _stamp(when)


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _new_code() -> str:
    word = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{word[:5]}-{word[5:]}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
