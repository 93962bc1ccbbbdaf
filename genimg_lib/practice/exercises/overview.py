"""Attempts in words for a terminal and as a widget for a notebook."""

from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.attempts import Attempt, Attempts


def summary(found: list[catalogue.Exercise], state: dict[str, Attempt]) -> str:
    """`12 of 40 solved, 3 tried, next: 30.2 The two losses (30_gan)`."""
    solved = [
        exercise for exercise in found if exercise.name in state and state[exercise.name].passed
    ]
    tried = sum(exercise.name in state for exercise in found) - len(solved)
    left = [exercise for exercise in found if exercise not in solved]
    words = f"{len(solved)} of {len(found)} solved" + (f", {tried} tried" if tried else "")
    return words + (
        f", next: {left[0].number} {left[0].title} ({left[0].notebook})"
        if left
        else ": all of them"
    )


def table() -> str:
    """One line per exercise, with its mark, level, minutes and tries, and the summary."""
    progress = Attempts()
    tries = progress.tries()
    found = catalogue.exercises()
    state = {name: attempts[-1] for name, attempts in tries.items()}
    lines = [_line(exercise, tries.get(exercise.name, [])) for exercise in found]
    lines += [*lesson_lines(state), summary(found, state)]
    return "\n".join([*lines, progress.message] if progress.message else lines)


def lesson_lines(state: dict[str, Attempt]) -> list[str]:
    """One line per lesson with tasks: `lesson 30_gan: 2 of 5 tasks solved`."""
    return [
        f"lesson {lesson}: {sum(name in state and state[name].passed for name in names)} of "
        f"{len(names)} tasks solved"
        for lesson, names in catalogue.tasks().items()
    ]


def _line(exercise: catalogue.Exercise, attempts: list[Attempt]) -> str:
    facts = f"{exercise.level}, {exercise.minutes} min, {exercise.kind}"
    line = f"{exercise.number:>5} {exercise.title:48.48} {facts:32}"
    if not attempts:
        return f"[ ] {line}".rstrip()
    last = attempts[-1]
    count = f", {len(attempts)} tries" if len(attempts) > 1 else ""
    return f"[{'x' if last.passed else '-'}] {line} {last.when.astimezone():%Y-%m-%d}{count}"


def progress_bar():
    """A widget: one bar per notebook, and what is next; the button reads the file again."""
    import ipywidgets

    words = ipywidgets.HTML()
    button = ipywidgets.Button(description="Refresh", icon="refresh")
    found = catalogue.exercises()
    bars = {}
    for name in dict.fromkeys(exercise.notebook for exercise in found):
        count = sum(exercise.notebook == name for exercise in found)
        style = {"description_width": "14em"}
        layout = {"width": "32em"}
        bars[name] = ipywidgets.IntProgress(
            0, 0, count, description=name, style=style, layout=layout
        )

    def refresh(_=None):
        progress = Attempts()
        state = progress.state()
        for name, bar in bars.items():
            here = [exercise for exercise in found if exercise.notebook == name]
            bar.value = sum(
                exercise.name in state and state[exercise.name].passed for exercise in here
            )
        words.value = f"<b>{summary(found, state)}</b> {progress.message}"

    button.on_click(refresh)
    refresh()
    return ipywidgets.VBox([words, *bars.values(), button])
