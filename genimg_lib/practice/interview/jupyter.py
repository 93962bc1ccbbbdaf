"""The bank in a notebook: cards to learn with, and a mock interview, as ipywidgets."""

import asyncio
import contextlib
import html
import time
from pathlib import Path

import ipywidgets

from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, mock, roles, sheets
from genimg_lib.practice.interview.rendering import (
    WORDS,
    answer_html,
    heading_html,
    tags,
    text_html,
)
from genimg_lib.practice.interview.reviews import GRADES, Reviews

LANGUAGE_NAMES = [("English", "en"), ("中文", "zh")]
LANGUAGE_LABEL = "language / 语言"
BUTTONS = {
    "en": {
        "again": "Again",
        "hard": "Hard",
        "good": "Good",
        "easy": "Easy",
        "show": "Show answer",
        "all": "all",
    },
    "zh": {
        "again": "忘了",
        "hard": "吃力",
        "good": "记得",
        "easy": "轻松",
        "show": "看答案",
        "all": "全部",
    },
}


def _menu(name: str, options) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(options=options, description=name, layout={"width": "20em"})


def _front(question: bank.Question, language: str, number: int | None = None) -> str:
    title, rest = heading_html(question, language, number)
    return f"<h3>{title}</h3>{rest}<p><i>{tags(question, language)}</i></p>"


class Cards(ipywidgets.VBox):
    """Cards from the bank: filter, read the question, answer aloud, show the answer, grade
    yourself.

    What is due comes first, then what is new, from junior to staff in the order of the lessons.
    Each grade is written at once, so restarting the kernel loses nothing. `progress` is the
    learner's own file unless another is given.
    """

    def __init__(self, language: str = "en", progress: Reviews | None = None):
        self.progress = progress or Reviews()
        self.language = ipywidgets.ToggleButtons(
            options=LANGUAGE_NAMES,
            value=bank.checked("language", language, LANGUAGES),
            description=LANGUAGE_LABEL,
        )
        self.level = _menu("level", [""])
        self.type = _menu("type", [""])
        self.topic = _menu("topic", [""])
        self.status = ipywidgets.HTML()
        self.front = ipywidgets.HTML()
        self.back = ipywidgets.HTML()
        self.show = ipywidgets.Button(button_style="primary")
        self.grades = {grade: ipywidgets.Button(layout={"width": "7em"}) for grade in GRADES}
        self.show.on_click(self._reveal)
        for grade, button in self.grades.items():
            button.on_click(lambda _, grade=grade: self._grade(grade))
        self.current = None
        for menu in (self.level, self.type, self.topic):
            menu.observe(self._deal, "value")
        self._fill_menus()
        self.language.observe(lambda _: (self._fill_menus(), self._deal()), "value")
        filters = ipywidgets.HBox(
            [self.level, self.type, self.topic], layout={"flex_flow": "row wrap"}
        )
        grades = ipywidgets.HBox(
            [self.show, *self.grades.values()], layout={"flex_flow": "row wrap"}
        )
        super().__init__([self.language, filters, self.status, self.front, grades, self.back])
        self._deal()

    def _fill_menus(self):
        words = WORDS[self.language.value]
        buttons = BUTTONS[self.language.value]
        titles = {name: title[self.language.value] for name, title in bank.load().topics.items()}
        for menu, names in (
            (self.level, LEVELS),
            (self.type, bank.TYPES),
            (self.topic, titles),
        ):
            chosen = menu.value
            # other words for the same choice are no reason to deal
            menu.unobserve(self._deal, "value")
            menu.options = [
                (buttons["all"], ""),
                *((titles.get(name) or words[name], name) for name in names),
            ]
            menu.value = chosen or ""
            menu.observe(self._deal, "value")
        self.show.description = buttons["show"]
        for grade, button in self.grades.items():
            button.description = buttons[grade]

    def _selected(self) -> list[str]:
        filters = {"levels": self.level, "types": self.type, "topics": self.topic}
        chosen = bank.load().select(
            **{name: [menu.value] if menu.value else [] for name, menu in filters.items()}
        )
        return [
            item.id
            for item in sorted(chosen, key=lambda item: (LEVELS.index(item.level), item.lesson))
        ]

    def _deal(self, _=None):
        names = self._selected()
        dealt, counts = self.progress.state(names)
        self.current = bank.load()[dealt[0]] if dealt else None
        english = self.language.value == "en"
        status = (
            "{total} questions here: {due} due today, {new} new, {learning} being learned, "
            "{known} known."
            if english
            else "这里有 {total} 题：今天到期 {due}，新题 {new}，"
            "正在学 {learning}，已掌握 {known}。"
        ).format(total=len(names), **counts)
        warning = (
            f"<p><b>{html.escape(self.progress.message)}</b></p>" if self.progress.message else ""
        )
        self.status.value = warning + status
        self.back.value = ""
        if self.current is None:
            self.front.value = (
                "<p>Nothing is due here.</p>" if english else "<p>这里没有到期的题。</p>"
            )
        else:
            self.front.value = _front(self.current, self.language.value)
        self._enable(revealed=False)

    def _enable(self, revealed: bool):
        self.show.disabled = revealed or self.current is None
        for button in self.grades.values():
            button.disabled = not revealed

    def _reveal(self, _=None):
        self.back.value = answer_html(self.current, self.language.value)
        self._enable(revealed=True)

    def _grade(self, grade: str):
        self.progress.add(self.current.id, grade, self.language.value)
        self._deal()


class MockInterview(ipywidgets.VBox):
    """A mock interview for one or for a pair: choose role, style, level and minutes, answer aloud,
    tick what was said, read the summary.

    With `spoken` you grade yourself: the clock stops, the rubric asks point by point whether you
    said it, and the model answer comes after that. `code`: how many functions are to be written;
    -1 leaves it to the role. Grades go into the learner's progress, so weak questions come back as
    cards. `Files` writes the summary and both printed sheets into `folder`.
    """

    def __init__(self, progress: Reviews | None = None, folder: Path | str = "."):
        self.progress = progress or Reviews()
        self.folder = Path(folder)
        self.language = ipywidgets.ToggleButtons(options=LANGUAGE_NAMES, description=LANGUAGE_LABEL)
        self.level = _menu("level", list(LEVELS))
        self.role, self.style = _menu("role", [""]), _menu("style", [""])
        self.minutes = ipywidgets.IntSlider(30, 10, 60, step=5, description="minutes")
        self.code = ipywidgets.BoundedIntText(
            -1, -1, 3, description="code", layout={"width": "12em"}
        )
        self.spoken = ipywidgets.Checkbox(description="spoken / 口述自评", indent=False)
        self.seed = ipywidgets.IntText(0, description="seed", layout={"width": "12em"})
        self.start = ipywidgets.Button(description="Start / 开始", button_style="primary")
        self.clock = ipywidgets.HTML()
        self.question = ipywidgets.HTML()
        self.model_answer = ipywidgets.HTML()
        self.rubric = ipywidgets.VBox()
        self.note = ipywidgets.Textarea(description="notes", layout={"width": "30em"})
        self.reveal = ipywidgets.Button(description="Rubric / 评分")
        self.next = ipywidgets.Button(description="Next / 下一题", button_style="primary")
        self.finish = ipywidgets.Button(description="Finish / 结束")
        self.result = ipywidgets.HTML()
        self.files = ipywidgets.Button(description="Files / 存文件")
        self.interview = None
        self.began = self.seconds = 0.0
        self._ticking = None
        for button, action in (
            (self.start, self._start),
            (self.reveal, self._reveal),
            (self.next, self._next),
            (self.finish, self._finish),
            (self.files, self._save),
        ):
            button.on_click(lambda _, action=action: action())
        self._setup = [
            self.language,
            ipywidgets.HBox([self.role, self.style], layout={"flex_flow": "row wrap"}),
            ipywidgets.HBox([self.level, self.minutes], layout={"flex_flow": "row wrap"}),
            ipywidgets.HBox([self.code, self.seed, self.spoken], layout={"flex_flow": "row wrap"}),
            self.start,
        ]
        self._fill_menus()
        self.language.observe(lambda _: self._fill_menus(), "value")
        buttons = ipywidgets.HBox([self.reveal, self.next, self.finish])
        self._asking = [
            self.clock,
            self.question,
            buttons,
            self.rubric,
            self.note,
            self.model_answer,
        ]
        super().__init__(self._setup)

    def _fill_menus(self):
        menus = self.role, self.style
        for menu, options in zip(menus, roles.titles(self.language.value), strict=True):
            chosen = menu.value
            menu.options = options
            menu.value = chosen or "any"

    def _start(self):
        try:
            questions = roles.plan(
                self.level.value,
                self.minutes.value,
                role=self.role.value,
                style=self.style.value,
                code=None if self.code.value < 0 else self.code.value,
                seed=self.seed.value,
            )
        except ValueError as error:  # too few minutes for what was asked for
            self.result.value = f"<p>{html.escape(str(error))}</p>"
            self.children = [self.result, *self._setup]
            return
        self.interview = mock.Interview(questions, self.language.value)
        self.children = self._asking
        self._ask()
        # no kernel: the clock then shows the time of each click
        with contextlib.suppress(RuntimeError):
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def _ask(self):
        question = self.interview.current
        language = self.interview.language
        number = len(self.interview.records) + 1
        words = WORDS[language]
        self.question.value = _front(question, language, number)
        text = question.text(language)
        ticks = [self._box(point, index, words) for index, point in enumerate(text.key_points)]
        asked = [self._box(ask, index, words) for index, (ask, _) in enumerate(text.follow_ups)]
        replies = [
            ipywidgets.HTML(f"<div style='margin-left:2em'>{text_html(reply)}</div>")
            for _, reply in text.follow_ups
        ]
        self._ticks, self._asked = ticks, asked
        pairs = [part for pair in zip(asked, replies, strict=True) for part in pair]
        headings = [
            ipywidgets.HTML(f"<b>{words[name]}</b>") for name in ("key_points", "follow_ups")
        ]
        self._hidden = [headings[0], *ticks, headings[1], *pairs]
        self.rubric.children = []
        self.model_answer.value = ""
        self.note.value = ""
        self.reveal.disabled = False
        self.next.disabled = True
        self.began = time.monotonic()
        self._show_time()

    def _box(self, text: str, index: int, words: dict[str, str]) -> ipywidgets.Widget:
        """Something to grade a point with: a tick, or said and missed, which both have to be
        chosen.
        """
        if not self.spoken.value:
            style, layout = {"description_width": "0"}, {"width": "95%"}
            return ipywidgets.Checkbox(description=text, layout=layout, style=style)
        box = ipywidgets.RadioButtons(
            options=[(words["said"], True), (words["not_said"], False)],
            value=None,
            description=text,
            layout={"width": "95%"},
            style={"description_width": "70%"},
        )
        box.observe(lambda _: self._show_graded(), "value")
        return box

    async def _tick(self):
        while True:
            await asyncio.sleep(1)
            self._show_time()

    def _show_time(self):
        if self.reveal.disabled:  # the answer has been given
            return
        seconds = int(time.monotonic() - self.began)
        planned = mock.minutes_of(self.interview.current) * 60
        style = " style='color:#b00'" if seconds > planned else ""
        self.clock.value = f"<b{style}>{seconds // 60}:{seconds % 60:02}</b> / {planned // 60}:00"

    def _reveal(self):
        self._show_time()
        self.seconds = time.monotonic() - self.began
        self.rubric.children = self._hidden
        self.reveal.disabled = True
        self._show_graded()

    def _show_graded(self):
        """The model answer and the way on: at once, or when every point was graded."""
        graded = all(box.value is not None for box in [*self._ticks, *self._asked])
        if graded:
            answer = answer_html(self.interview.current, self.interview.language)
            self.model_answer.value = answer
        self.next.disabled = not graded

    def _next(self):
        points = [index for index, box in enumerate(self._ticks) if box.value]
        asked = [index for index, box in enumerate(self._asked) if box.value]
        record = self.interview.record(points, asked, self.seconds, self.note.value.strip())
        self.progress.add(
            record.question.id, record.grade, self.interview.language, missed=record.missed
        )
        if self.interview.current is None:
            self._finish()
        else:
            self._ask()

    def _finish(self):
        if self._ticking:
            self._ticking.cancel()
        warning = f"<p>{html.escape(self.progress.message)}</p>" if self.progress.message else ""
        self.result.value = warning + text_html(self.interview.summary())
        self.children = [self.result, self.files, *self._setup]

    def _save(self):
        names = sheets.write_files(self.interview, self.folder)
        self.result.value += (
            "<p>" + ", ".join(f"<code>{html.escape(str(name))}</code>" for name in names) + "</p>"
        )
