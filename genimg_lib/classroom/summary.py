"""What a teacher sees of a class: who is where, which mistake is made now, who is stuck.

Pure functions of the learners, their events and the time.
"""

import csv
import io
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from genimg_lib.classroom import mistakes
from genimg_lib.classroom.store import Event, Learner

NOW = timedelta(minutes=10)  # a mistake is made now if it was made in the last ten minutes
STUCK = timedelta(minutes=10)  # after its first failure, on the exercise that was tried last
AWAY = timedelta(hours=1)  # a longer pause ends a sitting: who went home is not stuck
GROUP = 5  # the projector shows no count of fewer


@dataclass(frozen=True)
class Row:
    """One learner: the exercise tried last, whether it passed, since when it does not."""

    name: str
    exercise: str = ""
    passed: bool = False
    mistake: str = ""
    minutes: int = 0
    stuck: bool = False
    solved: int = 0

    @property
    def state(self) -> str:
        """What the learner does, in a few words."""
        if not self.exercise:
            return "waiting"
        if self.passed:
            return "passed"
        return f"{'STUCK' if self.stuck else 'trying'} for {self.minutes} min"


def rows(learners: list[Learner], events: list[Event], now: datetime) -> list[Row]:
    """Every learner, those who are stuck longest first."""
    by_learner: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_learner[event.learner].append(event)
    found = [_row(learner, by_learner[learner.number], now) for learner in learners]
    return sorted(found, key=lambda row: (not row.stuck, -row.minutes, row.name))


def _row(learner: Learner, events: list[Event], now: datetime) -> Row:
    if not events:
        return Row(learner.pseudonym)
    last = events[-1]
    solved = {event.exercise for event in events if event.passed}
    passed = last.exercise in solved
    waited = timedelta(0) if passed else _waited(events, now)
    minutes = int(waited.total_seconds() // 60)
    mistake = "" if passed else last.mistake
    return Row(
        learner.pseudonym, last.exercise, passed, mistake, minutes, waited >= STUCK, len(solved)
    )


def _waited(events: list[Event], now: datetime) -> timedelta:
    """How long the exercise that was tried last has been tried, in this sitting."""
    since, after = now, now
    for event in reversed(events):
        if event.exercise != events[-1].exercise or after - event.when > AWAY:
            break
        since = after = event.when
    return max(now - since, timedelta(0))


def current_mistakes(events: list[Event], now: datetime) -> list[tuple[str, int]]:
    """(key, how many learners) of what was told in the last ten minutes and is not repaired yet.

    The most frequent comes first. A learner counts once, however often the check was run.
    """
    latest = {(event.learner, event.exercise): event for event in events}
    solved = {(event.learner, event.exercise) for event in events if event.passed}
    open_now = [
        event.mistake
        for place, event in latest.items()
        if place not in solved and now - event.when <= NOW
    ]
    return sorted(Counter(open_now).items(), key=lambda item: (-item[1], item[0]))


def exercises(events: list[Event]) -> dict[str, tuple[int, int]]:
    """For every exercise: how many learners have passed it, and how many have tried it."""
    tried: dict[str, set[int]] = defaultdict(set)
    passed: dict[str, set[int]] = defaultdict(set)
    for event in events:
        tried[event.exercise].add(event.learner)
        if event.passed:
            passed[event.exercise].add(event.learner)
    return {name: (len(passed[name]), len(tried[name])) for name in sorted(tried)}


def view(learners: list[Learner], events: list[Event], size: int, now: datetime) -> dict:
    """All that the teacher's page shows."""
    return {
        "joined": len(learners),
        "size": size,
        "learners": [asdict(row) | {"state": row.state} for row in rows(learners, events, now)],
        "mistakes": [_told(*item) for item in current_mistakes(events, now)],
        "exercises": [
            {"exercise": name, "passed": passed, "tried": tried}
            for name, (passed, tried) in exercises(events).items()
        ],
    }


def projector(learners: list[Learner], events: list[Event], size: int, now: datetime) -> dict:
    """What the whole room may see: counts from five learners up, and no name.

    Of an exercise the number who passed is told if it and the rest are both zero or at least five:
    else a difference would tell of few.
    """
    return {
        "joined": len(learners) if len(learners) >= GROUP else None,
        "size": size,
        "mistakes": [
            _told(key, count) for key, count in current_mistakes(events, now) if count >= GROUP
        ],
        "exercises": [
            {"exercise": name, "passed": passed if _hidden_in_groups(passed, tried) else None}
            | {"tried": tried}
            for name, (passed, tried) in exercises(events).items()
            if tried >= GROUP
        ],
    }


def _hidden_in_groups(passed: int, tried: int) -> bool:
    return all(count == 0 or count >= GROUP for count in (passed, tried - passed))


def _told(key: str, count: int) -> dict:
    entry = mistakes.known().get(key)
    names = " / ".join(dict.fromkeys(entry.names)) if entry else ""
    exercise = key.rpartition("-")[0]
    say = mistakes.what_to_say(key)
    return {"key": key, "exercise": exercise, "names": names, "say": say, "count": count}


def table(learners: list[Learner], events: list[Event], size: int, now: datetime) -> str:
    """The teacher's view for a terminal."""
    lines = [f"{len(learners)} of {size} joined, {now.astimezone():%H:%M:%S}", ""]
    for key, count in current_mistakes(events, now)[:5]:
        lines.append(f"{count:3} make now: {key}\n    {mistakes.what_to_say(key)}")
    lines += [""] if len(lines) > 2 else []
    for row in rows(learners, events, now):
        lines.append(f"{row.name:20.20} {row.exercise:32.32} {row.solved:3} {row.state}")
    return "\n".join(lines)


def as_csv(learners: list[Learner], events: list[Event]) -> str:
    """All events as CSV. No cell begins a formula of a spreadsheet."""
    names = {learner.number: learner.pseudonym for learner in learners}
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["learner", "pseudonym", "exercise", "verdict", "mistake", "when"])
    for event in events:
        verdict = "passed" if event.passed else "not yet"
        name = names.get(event.learner, "")
        name = f"'{name}" if name.startswith(("=", "+", "-", "@")) else name
        row = (event.learner, name, event.exercise, verdict, event.mistake)
        writer.writerow([*row, event.when.isoformat()])
    return file.getvalue()
