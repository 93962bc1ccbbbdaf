"""Writes the teacher's kit: a page and a handout for each lesson, timetables, and badges.

    uv run tools/build_kit.py            # writes what has changed
    uv run tools/build_kit.py --check    # fails if something would change

All of it goes into docs/teaching; the badges stand in docs/elsewhere.md. Sections, tasks, claims,
questions and what the checkers say are read from the lessons, the bank and genimg_lib/checks; what
a tool cannot read stands in docs/teaching/lessons.toml and timetables.toml.
"""

import ast
import dataclasses
import html
import re
import sys
import tomllib
from pathlib import Path

import nbformat
from _address import course_address
from _pages import to_html
from _shared import ROOT, between, command_line

from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.interview import bank, rendering

KIT = ROOT / "docs" / "teaching"
PLANS = (45, 90)
OPENING, CLOSING = 5, 5  # minutes: the two sentences and the picture; the questions at the end
MADE = "<!-- made by tools/build_kit.py -->"
POLICY = (  # a handout asks for nothing, and has no script
    """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; """
    """style-src 'unsafe-inline'; img-src data:">"""
)
INDEX = between("<!-- index: made by tools/build_kit.py -->\n", "<!-- end of the index -->")
ELSEWHERE = ROOT / "docs" / "elsewhere.md"
PLACES = between("<!-- elsewhere: made by tools/build_kit.py -->\n", "<!-- end of elsewhere -->")
FIRST = "notebooks/00_start_here.ipynb"
SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
TASK = re.compile(r"### Task (?P<number>\d+\.\d+) · (?P<title>.+) \((?P<minutes>\d+) min")
QUESTION = re.compile(r"^\*\*(\d\. .+?)\*\*", re.MULTILINE | re.DOTALL)
SLOWER = 1.2  # a room takes longer than a reader
FIGURE_WORDS = 60  # a picture takes as long as this many words


@dataclasses.dataclass(frozen=True)
class LessonTask:
    """A task of a lesson: its number (30.1), title, minutes and the name of its checker."""

    number: str
    title: str
    minutes: int
    name: str


@dataclasses.dataclass
class Section:
    """A numbered section of a lesson, and how long it is in words."""

    number: int
    title: str
    words: int = 0
    tasks: list[LessonTask] = dataclasses.field(default_factory=list)
    claims: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Lesson:
    """What the kit knows of a lesson: from its notebook, and `by_hand` from lessons.toml."""

    path: Path
    title: str
    facts: dict
    top: str
    sections: list[Section]
    self_check: list[str]
    summary: str
    cards: list[str]
    by_hand: dict

    @property
    def number(self) -> str:
        return self.path.name[:2]

    @property
    def tasks(self) -> list[LessonTask]:
        return [task for section in self.sections for task in section.tasks]

    @property
    def kept(self) -> list[Section]:
        """The sections of the plan of 45 minutes."""
        return [section for section in self.sections if section.number in self.by_hand["keep"]]


# --- reading --------------------------------------------------------------------------------------


def lessons() -> list[Lesson]:
    """The lessons that lessons.toml knows, in order."""
    by_hand = tomllib.loads((KIT / "lessons.toml").read_text(encoding="utf-8"))
    known = [path for path in catalogue.notebooks(ROOT / "notebooks") if path.name[:2] in by_hand]
    return [read(path, by_hand[path.name[:2]]) for path in known]


def read(path: Path, by_hand: dict) -> Lesson:
    notebook = nbformat.read(path, as_version=4)
    tagged = {tag: cell for cell in notebook.cells for tag in cell.metadata.get("tags", ())}
    top = notebook.cells[0].source
    return Lesson(
        path=path,
        title=top.splitlines()[0].removeprefix(f"# {path.name[:2]} "),
        facts=notebook.metadata["genimg"],
        top=top,
        sections=sections(notebook.cells),
        self_check=QUESTION.findall(tagged["self-check"].source),
        summary=tagged["summary"].source.partition("\n\n")[2],
        cards=cards(notebook.cells),
        by_hand=by_hand,
    )


def sections(cells) -> list[Section]:
    """The numbered sections with their tasks and claims."""
    found: list[Section] = []
    heading = ("", "")
    for cell in cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type == "markdown" and "self-check" in tags:
            break  # what follows belongs to no section
        if cell.cell_type == "markdown" and SECTION.search(cell.source):
            _, *pieces = SECTION.split(cell.source)  # number, title, text, number, ...
            for number, title, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
                found.append(Section(int(number), title, words=len(text.split())))
            continue
        if not found:
            continue
        section = found[-1]
        if "task" in tags:
            heading = TASK.match(cell.source)
        elif "task-check" in tags:
            name = catalogue.TASK.search(cell.source)["name"]
            minutes = int(heading["minutes"])
            section.tasks.append(LessonTask(heading["number"], heading["title"], minutes, name))
        elif "claim" in tags:
            section.claims += claims(cell.source)
        elif not tags:
            section.words += len(cell.source.split())
            pictures = ["image/png" in output.get("data", {}) for output in cell.get("outputs", ())]
            section.words += FIGURE_WORDS * sum(pictures)
    return found


def claims(source: str) -> list[str]:
    """The sentences of `lesson.claim(condition, "sentence")`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    sentences = [
        call.args[1].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "claim"
        and isinstance(call.args[1], ast.Constant)
    ]
    return list(dict.fromkeys(sentences))


def cards(cells) -> list[str]:
    """The questions of the interview corner, by their names in the bank."""
    (source,) = [cell.source for cell in cells if "corner(" in cell.source]
    call = ast.parse(source).body[-1].value
    return [ast.literal_eval(argument) for argument in call.args]


def feedback(number: str, task: str, fragment: str) -> str:
    """What the checker of a task says to a wrong answer, given a fragment of it.

    Raises ValueError if it says no such thing.
    """
    path = ROOT / "genimg_lib" / "checks" / "lessons" / f"lesson_{number}.py"
    module = ast.parse(path.read_text(encoding="utf-8"))
    own = [node for node in module.body if getattr(node, "name", "") == task]
    for place in (*own, module):
        for node in ast.walk(place):
            if isinstance(node, ast.Constant) and fragment in str(node.value):
                said = " ".join(node.value.split())
                return said if said[-1] in ".?!" else f"{said} …"  # a figure follows
    raise ValueError(f"{path.name}: {task} never says {fragment!r}")


# --- plans ----------------------------------------------------------------------------------------


def shared_out(minutes: int, weights: list[int]) -> list[int]:
    """Whole minutes in proportion to `weights`, at least one each, which add up to `minutes`."""
    if minutes < len(weights):
        raise ValueError(f"{minutes} minutes are too few for {len(weights)} sections")
    shares = [(minutes - len(weights)) * weight / sum(weights) for weight in weights]
    found = [1 + int(share) for share in shares]
    rest = sorted(range(len(shares)), key=lambda index: int(shares[index]) - shares[index])
    for index in rest[: minutes - sum(found)]:
        found[index] += 1
    return found


def plan(lesson: Lesson, minutes: int) -> list[tuple[int, str]]:
    """A plan of a session: (minutes, what happens), which add up.

    The short one takes the sections that are kept, the long one all, and then exercises.
    """
    short = minutes == PLANS[0]
    chosen = lesson.kept if short else lesson.sections
    exercises = [] if short else fitting_exercises(lesson, minutes)
    tasks = sum(task.minutes for section in chosen for task in section.tasks)
    left = minutes - OPENING - CLOSING - tasks - sum(exercise.minutes for exercise in exercises)
    lengths = shared_out(left, [section.words for section in chosen])
    rows = [(OPENING, "Say the two sentences, draw the picture, start the first cells")]
    for section, length in zip(chosen, lengths, strict=True):
        rows.append((length, f"Section {section.number}: {section.title}"))
        rows += [(task.minutes, f"Task {task.number}: {task.title}") for task in section.tasks]
    for exercise in exercises:
        rows.append((exercise.minutes, f"Exercise {exercise.number} in pairs: {exercise.title}"))
    return [*rows, (CLOSING, "*Check yourself* with a neighbour, one question to the room")]


def fitting_exercises(lesson: Lesson, minutes: int) -> list[catalogue.Exercise]:
    """The first exercises that prepare for a lesson and fit, together, behind it."""
    left = minutes - SLOWER * lesson.facts["study_minutes"]
    found = []
    for exercise in catalogue.exercises(ROOT / "exercises"):
        if exercise.lesson == lesson.number and exercise.minutes <= left:
            found.append(exercise)
            left -= exercise.minutes
    return found


def plan_table(rows: list[tuple[int, str]]) -> list[str]:
    """(minutes, what happens) as a table that also says from when."""
    table, begin = ["| from | minutes | what |", "|---|---|---|"], 0
    for minutes, what in rows:
        table.append(f"| {begin // 60}:{begin % 60:02} | {minutes} | {what} |")
        begin += minutes
    return table


# --- pages ----------------------------------------------------------------------------------------


def page(lesson: Lesson) -> str:
    """The teacher's page of one lesson."""
    facts = lesson.facts
    mine = lesson.by_hand
    stem = lesson.path.stem
    lines = [
        MADE,
        f"# Teaching lesson {lesson.number}: {lesson.title}",
        "",
        f"[Lesson](../../notebooks/{lesson.path.name}) · [handout](handouts/{stem}.html) · "
        f"slides: `uv run tools/build_slides.py {lesson.number}` · "
        "[all lessons and timetables](README.md)",
        "",
        f"Alone, a reader takes {facts['study_minutes']} minutes. The cells compute for "
        f"{facts['minutes']:g} of them on two cores and need {facts['memory_gb']:g} GB: let the "
        "room start them before you speak.",
        "",
        "## Say",
        "",
        mine["say"],
        "",
        "## Draw",
        "",
        mine["board"],
        "",
    ]
    for minutes in PLANS:
        lines += [f"## {minutes} minutes", "", *plan_table(plan(lesson, minutes)), ""]
    return "\n".join(
        [*lines, *cuts(lesson), *mistakes(lesson), *questions(lesson), *checkpoints(lesson)]
    )


def cuts(lesson: Lesson) -> list[str]:
    left = [section for section in lesson.sections if section not in lesson.kept]
    named = "; ".join(f"{section.number}, {section.title}" for section in left)
    return [
        "## What to cut",
        "",
        f"The 45 minutes leave out: {named}.",
        "",
        lesson.by_hand["cut"],
        "",
        "If time runs out, drop the task that is running, not the closing: the tasks are in the "
        "lesson, and the room leaves with the last five minutes.",
        "",
    ]


def mistakes(lesson: Lesson) -> list[str]:
    lines = ["## Three misconceptions", ""]
    tasks = {task.name: task for task in lesson.tasks}
    for name, fragment, belief, reply in lesson.by_hand["mistakes"]:
        lines += [
            f"**{belief}** (task {tasks[name].number}, `{name}`)",
            "",
            f"- The check answers: “{feedback(lesson.number, name, fragment)}”",
            f"- Reply: {reply}",
            "",
        ]
    return lines


def questions(lesson: Lesson) -> list[str]:
    lines = ["## Questions to ask the room", ""]
    for name in lesson.cards[:3]:
        text = bank.load()[name].en
        asked, shown = rendering.heading(text.question)
        lines += [f"**{asked}**", "", *([shown, ""] if shown else []), "Expect:", ""]
        lines += [f"- {point}" for point in text.key_points]
        lines += ["", f"Tempting and wrong: *{text.wrong}* {text.why_wrong}", ""]
    return lines


def checkpoints(lesson: Lesson) -> list[str]:
    """When, in the short plan, a check must have passed, and what the room can say by then."""
    lines = ["## Checkpoints", "", "In the plan of 45 minutes:", ""]
    begin = 0
    tasks = {f"Task {task.number}": task for task in lesson.tasks}
    claims_of = {f"Section {section.number}": section.claims for section in lesson.sections}
    waiting: list[str] = []
    for minutes, what in plan(lesson, PLANS[0]):
        place = what.partition(":")[0]
        if place not in tasks:  # a section ends with its tasks: no finding before its prediction
            lines += [f"- minute {begin}: the room can say why. *{claim}*" for claim in waiting]
            waiting = claims_of.get(place, [])
        begin += minutes
        if place in tasks:
            lines.append(f"- minute {begin}: `PASSED: {tasks[place].name}` ({place.lower()})")
    return [*lines, ""]


def outcomes(lesson: Lesson) -> list[str]:
    """What a reader can do afterwards, from the top of the lesson."""
    return re.findall(r"^- (.+?)[;.]?$", lesson.top, re.MULTILINE)


HANDOUT_STYLE = """
@page { size: A4; margin: 12mm 14mm }
body { font: 10.5pt/1.35 "Liberation Sans", Arial, sans-serif; max-width: 182mm; margin: auto }
h1 { font-size: 15pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 3.5mm 0 1mm }
ul, ol { margin: 0; padding-left: 6mm } p { margin: 0 0 1.5mm }
.board { border: 1px solid #555; height: 46mm }
.line { border-bottom: 1px solid #999; height: 7mm }
.tasks { columns: 2; list-style: none; padding: 0 } .tasks li { break-inside: avoid }
.name { float: right; font-size: 10pt }
"""


def handout(lesson: Lesson) -> str:
    """One printable page for the learner."""
    items = "".join(f"<li>{inline(text)}</li>" for text in outcomes(lesson))
    tasks = "".join(
        f"<li>&#9744; {task.number} {inline(task.title)} ({task.minutes} min)</li>"
        for task in lesson.tasks
    )
    asked = "".join(
        f"<p>{inline(' '.join(text.split()))}</p><div class=line></div><div class=line></div>"
        for text in lesson.self_check
    )
    title = html.escape(f"{lesson.number} {lesson.title}")
    body = (
        f"<h1>{title}<span class=name>name ______________________</span></h1>"
        f"<h2>Afterwards you can</h2><ul>{items}</ul>"
        "<h2>The picture on the board</h2><div class=board></div>"
        f"<h2>Tasks: tick what says PASSED</h2><ul class=tasks>{tasks}</ul>"
        f"<h2>Check yourself</h2>{asked}"
        f"<h2>In short</h2>{to_html(lesson.summary)}"
    )
    return document(title, HANDOUT_STYLE, body)


def inline(text: str) -> str:
    return to_html(text).strip().removeprefix("<p>").removesuffix("</p>")


def document(title: str, style: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n{MADE}\n<head>\n<meta charset="utf-8">\n{POLICY}\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        "</body>\n</html>\n"
    )


# --- timetables -----------------------------------------------------------------------------------


def timetables() -> dict:
    return tomllib.loads((KIT / "timetables.toml").read_text(encoding="utf-8"))


def timetable_page(known: list[Lesson]) -> str:
    """All timetables, with links to the lessons' pages."""
    names = {lesson.number: lesson for lesson in known}
    lines = [MADE, "# Three timetables", "", "[The kit](README.md)", ""]
    for table in timetables().values():
        lines += [f"## {table['title']}", "", f"For {table['for']}. {table['before']}", ""]
        for session in table["session"]:
            rows = [(minutes, linked(what, names)) for minutes, what in session["rows"]]
            lines += [f"### {session['name']}, {session['minutes']} minutes", ""]
            lines += [*plan_table(rows), ""]
    return "\n".join(lines)


def linked(what: str, names: dict[str, Lesson]) -> str:
    """A row of a timetable; a lesson becomes a link to its page."""
    number = what.removeprefix("lesson ")
    if number not in names:
        return what
    return f"[Lesson {number}: {names[number].title}]({names[number].path.stem}.md)"


def index(known: list[Lesson]) -> str:
    """README.md of the kit, with its table of lessons."""
    lines = ["| lesson | teacher's page | handout |", "|---|---|---|"]
    for lesson in known:
        stem = lesson.path.stem
        lines.append(
            f"| {lesson.number} | [{lesson.title}]({stem}.md) | [print](handouts/{stem}.html) |"
        )
    text = (KIT / "README.md").read_text(encoding="utf-8")
    return INDEX.sub(lambda _: "\n".join([*lines, ""]), text)


def elsewhere() -> str:
    """docs/elsewhere.md, with the badges and the first cell for the address in pyproject.toml."""
    address = course_address()
    lines = [
        "## In a browser",
        "",
        f"[Open in Colab]({address.colab(FIRST)}) · [Open in Binder]({address.binder(FIRST)}) · "
        f"[Open in Codespaces]({address.codespaces()})",
        "",
        "The address of the course is set in `pyproject.toml`, `[tool.genimg]`; after a change run "
        "`uv run tools/build_kit.py`. In Colab put this cell first:",
        "",
        "```",
        f"!git clone --quiet --depth 1 --branch {address.branch} {address.repository} genimg",
        "%pip install --quiet ./genimg",
        "%cd genimg/notebooks",
        "```",
        "",
        "Binder reads the folder `binder/`: Python 3.12 and the course. It ends a kernel at 2 GB: "
        "there learners do exercises and the lessons that declare less. Tested: what repo2docker "
        "would do with the folder, without building. Not run: Colab, Binder and Codespaces "
        "themselves, which need a published address.",
        "",
        "On a JupyterHub that others run, with "
        "[nbgitpuller](https://nbgitpuller.readthedocs.io) and the course's packages installed, "
        "learners open this link, with the address of the hub for `HUB`:",
        "",
        "```",
        address.nbgitpuller("https://HUB", FIRST),
        "```",
        "",
        "It copies the course, and brings it up to date when it is opened again. Let learners work "
        "in `my_exercises`, which `genimg start` makes: what they change in the course's own files "
        "can be merged with an update, and a conflict is easily missed. Tested: the parts of the "
        "link. Not run: a hub with nbgitpuller.",
        "",
    ]
    return PLACES.sub(lambda _: "\n".join(lines), ELSEWHERE.read_text(encoding="utf-8"))


def files() -> dict[Path, str]:
    """Everything that this tool writes."""
    known = lessons()
    made = {
        ELSEWHERE: elsewhere(),
        KIT / "README.md": index(known),
        KIT / "timetables.md": timetable_page(known),
    }
    for lesson in known:
        made[KIT / f"{lesson.path.stem}.md"] = page(lesson)
        made[KIT / "handouts" / f"{lesson.path.stem}.html"] = handout(lesson)
    return made


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it is stale")
    check = parser.parse_args().check
    stale = [
        (path, text)
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)}: {'stale' if check else 'written'}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale and check:
        print("run uv run tools/build_kit.py")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
