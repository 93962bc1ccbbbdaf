"""Questions as text, HTML and Markdown.

The bank's texts are plain Markdown; `mistune` makes HTML of them.
"""

import mistune
from IPython.display import HTML

from genimg_lib.practice.course import LEVELS
from genimg_lib.practice.interview import bank, coding
from genimg_lib.practice.interview.bank import Question

WORDS = {
    "en": {
        "answer": "Answer",
        "key_points": "Key points",
        "wrong": "The tempting wrong answer",
        "follow_ups": "Follow-ups",
        "sources": "Sources",
        "review": "Review",
        "minutes": "minutes",
        "numbers": "Key numbers of this answer are computed in a test.",
        "claim": "A claim of this answer is checked in a test.",
        "contents": "Contents",
        "said": "said",
        "not_said": "not said",
        **{name: name for name in (*LEVELS, *bank.TYPES)},
    },
    "zh": {
        "answer": "答案",
        "key_points": "要点",
        "wrong": "容易答错",
        "follow_ups": "追问",
        "sources": "出处",
        "review": "复习",
        "minutes": "分钟",
        "numbers": "答案中的关键数字由测试计算验证。",
        "claim": "答案中的一个论断由测试验证。",
        "contents": "目录",
        "said": "说到了",
        "not_said": "没说到",
        **dict(zip(LEVELS, ("初级", "中级", "高级", "资深"), strict=True)),
        **dict(zip(bank.TYPES, ("概念", "推导", "排错", "设计", "讲解", "编程"), strict=True)),
    },
}

_to_html = mistune.create_markdown(escape=True, plugins=["task_lists"])


def lesson_label(number: str, language: str) -> str:
    return f"第 {number} 课" if language == "zh" else f"lesson {number}"


def exercise_label(name: str, language: str) -> str:
    number = coding.parts()[name].exercise.number
    return f"练习 {number}" if language == "zh" else f"exercise {number}"


def tags(question: Question, language: str) -> str:
    """Level, type and, if there are any, the exercise and the lesson in words."""
    words = [WORDS[language][question.level], WORDS[language][question.type]]
    if question.exercise:
        words.append(exercise_label(question.exercise, language))
    if question.lesson:
        words.append(lesson_label(question.lesson, language))
    return " · ".join(words)


def link(source: bank.Source, lessons: dict[str, str]) -> str:
    """The address of a source.

    `lessons` maps lesson numbers to files. Empty for a lesson that is not among them.
    """
    if source.link.startswith("lesson:"):
        return lessons.get(source.link.removeprefix("lesson:"), "")
    return source.link


def answer_markdown(
    question: Question, language: str, lessons: dict[str, str] | None = None
) -> str:
    """The answer with everything that belongs to it.

    Key points, wrong answer, follow-ups, sources.
    """
    words = WORDS[language]
    text = question.text(language)
    parts = [
        text.answer,
        f"**{words['key_points']}**",
        "\n".join(f"- {point}" for point in text.key_points),
    ]
    parts += [
        f"**{words['wrong']}**: *{text.wrong}* {text.why_wrong}",
        f"**{words['follow_ups']}**",
    ]
    parts += [
        "\n".join(f"- {asked} → {reply}" for asked, reply in text.follow_ups),
        f"**{words['sources']}**",
    ]
    parts += ["\n".join(f"- {line}" for line in sources(question, lessons or {}))]
    if note := verified(question, language):
        parts += [f"*{note}*"]
    return "\n\n".join(parts)


def sources(question: Question, lessons: dict[str, str]) -> list[str]:
    """A line of Markdown for each source, with a link where there is an address."""
    addresses = [(source.title, link(source, lessons)) for source in question.sources]
    return [f"[{title}]({address})" if address else title for title, address in addresses]


def verified(question: Question, language: str) -> str:
    """Which part of the answer a test computes or checks, in words; empty if none."""
    if not question.verify:
        return ""
    return WORDS[language]["numbers" if "states(" in question.verify else "claim"]


def facts(question: Question, language: str, lessons: dict[str, str]) -> str:
    """The tags of a question and, if there is one, a link to the lesson that prepares for it."""
    if question.lesson not in lessons:
        return tags(question, language)
    lesson = f"[{lesson_label(question.lesson, language)}]({lessons[question.lesson]})"
    return f"{tags(question, language)} · {WORDS[language]['review']}: {lesson}"


def folded_answer(question: Question, language: str, lessons: dict[str, str]) -> list[str]:
    """Lines of Markdown: the answer behind a line to click."""
    summary = f"<details><summary>{WORDS[language]['answer']}</summary>"
    return [summary, "", answer_markdown(question, language, lessons), "", "</details>", ""]


def answer_html(question: Question, language: str) -> str:
    return text_html(answer_markdown(question, language))


def text_html(text: str) -> str:
    """One text of the bank as HTML; whatever looks like a tag is shown as it is written."""
    return _to_html(text)


def heading(text: str) -> tuple[str, str]:
    """A question as its first paragraph, on one line, and the rest.

    The rest is a log or a table that it shows.
    """
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()), rest.strip()


def heading_html(question: Question, language: str, number: int | None = None) -> tuple[str, str]:
    """`heading` as HTML: an inline text, numbered if a number is given, and blocks."""
    first, rest = heading(question.text(language).question)
    inline = text_html(first).strip().removeprefix("<p>").removesuffix("</p>")
    return (inline if number is None else f"{number}. {inline}"), text_html(rest) if rest else ""


def corner(*names: str, language: str = "en") -> HTML:
    """An interview corner: questions with answers that fold out.

    Raises ValueError for an unknown id.
    """
    questions = [bank.load()[name] for name in names]
    parts = []
    for number, question in enumerate(questions, 1):
        title, rest = heading_html(question, language, number)
        parts.append(
            f"<details><summary><b>{title}</b> <i>({tags(question, language)})</i></summary>"
            f"{rest}{'<hr>' if rest else ''}{answer_html(question, language)}</details>"
        )
    return HTML("\n".join(parts))


def page(language: str, lessons: dict[str, str]) -> str:
    """The whole bank as one Markdown page with an anchor per question, for reading and linking."""
    loaded = bank.load()
    words = WORDS[language]
    title, other = {
        "en": ("Interview questions", "[中文](questions.zh.md)"),
        "zh": ("面试题", "[English](questions.md)"),
    }[language]
    lines = [
        f"# {title}",
        "",
        f"{len(loaded.questions)} · {other}",
        "",
        f"## {words['contents']}",
        "",
    ]
    for topic, titles in loaded.topics.items():
        lines += [f"**{titles[language]}**", ""]
        for item in loaded.select(topics=[topic]):
            lines += [
                f"- [{heading(item.text(language).question)[0]}](#{item.id}) "
                f"({tags(item, language)})"
            ]
        lines += [""]
    for topic, titles in loaded.topics.items():
        lines += [f"## {titles[language]}", ""]
        for item in loaded.select(topics=[topic]):
            title, rest = heading(item.text(language).question)
            lines += [
                f'<a id="{item.id}"></a>',
                "",
                f"### {title}",
                "",
                *([rest, ""] if rest else []),
            ]
            lines += [f"`{item.id}` · {facts(item, language, lessons)}", ""]
            lines += folded_answer(item, language, lessons)
    return "\n".join(lines)
