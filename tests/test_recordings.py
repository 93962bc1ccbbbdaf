"""Recorded answers of the language model: complete, small, and used only where there is no model
to ask.
"""

import ast
import json
from pathlib import Path

import nbformat
import pytest

from genimg_lib.language import recordings

RECORDED = sorted(recordings.FOLDER.glob("*.json"))
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

each_recording = pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])


def asked() -> dict[str, set[str]]:
    """Recording -> names of the functions that a lesson declares as questions (`@....answers`)."""
    found = {}
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        nodes = [
            node
            for cell in cells
            if cell.cell_type == "code"
            for node in ast.walk(ast.parse(cell.source))
        ]
        opened = [
            node.args[0].value
            for node in nodes
            if isinstance(node, ast.Call) and _name(node.func) == "open_model"
        ]
        for name in opened:
            functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
            found[name] = {
                node.name for node in functions if "answers" in map(_name, node.decorator_list)
            }
    return found


def _name(node):
    return getattr(node, "attr", getattr(node, "id", None))


def test_each_lesson_that_asks_has_its_recording_and_no_recording_is_left_over():
    assert {path.stem for path in RECORDED} == set(asked()) >= {"lesson_41", "lesson_62"}


@each_recording
def test_a_recording_holds_answers_to_what_its_lesson_asks_and_to_nothing_else(path):
    recorded = json.loads(path.read_text(encoding="utf-8"))
    functions = set()
    for question, answer in recorded.items():
        function, arguments, options = json.loads(question)
        assert isinstance(arguments, list) and isinstance(options, dict)
        assert answer not in (None, "", [], {})
        functions.add(function)
    assert functions == asked()[path.stem]


@each_recording
def test_a_recording_is_small(path):
    assert path.stat().st_size < 200_000


# --- asking ---------------------------------------------------------------------------------------


def upper(model, text, times=1):
    """Says it loudly."""
    return (model.upper(text),) * times


class Loud:
    def upper(self, text):
        return text.upper()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lesson.json"


def test_what_was_recorded_is_answered_without_the_model(path, monkeypatch):
    monkeypatch.setenv(recordings.RECORD_VARIABLE, "1")
    live = recordings.Answers(path, Loud()).answers(upper)
    given = [live("a 中文 word"), live("b", times=2)]
    # lists, as JSON returns them: the same with and without the model
    assert given == [["A 中文 WORD"], ["B", "B"]]
    replayed = recordings.Answers(path).answers(upper)
    assert [replayed("a 中文 word"), replayed("b", times=2)] == given
    assert replayed.__name__ == "upper" and replayed.__doc__ == "Says it loudly."


@pytest.mark.parametrize("value", [None, "", "0"])
def test_nothing_is_recorded_unless_asked_for(path, monkeypatch, value):
    monkeypatch.delenv(recordings.RECORD_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(recordings.RECORD_VARIABLE, value)
    recordings.Answers(path, Loud()).answers(upper)("a")
    assert not path.exists()


def test_recording_again_keeps_other_answers(path, monkeypatch):
    monkeypatch.setenv(recordings.RECORD_VARIABLE, "1")
    for text in ("a", "b", "a"):
        recordings.Answers(path, Loud()).answers(upper)(text)
    assert sorted(json.loads(path.read_text(encoding="utf-8")).values()) == [["A"], ["B"]]


def test_the_model_is_asked_even_if_there_is_a_recording(path):
    path.write_text(json.dumps({'["upper", ["a"], {}]': ["old"]}))
    assert recordings.Answers(path).answers(upper)("a") == ["old"]
    assert recordings.Answers(path, Loud()).answers(upper)("a") == ["A"]


def test_a_question_that_nobody_recorded_says_how_to_ask_it(path):
    with pytest.raises(
        ValueError, match=r'nobody recorded an answer to .*"what".*uv run --extra llm'
    ):
        recordings.Answers(path).answers(upper)("what")


def test_a_lesson_says_whether_its_answers_are_recorded(monkeypatch, capsys):
    monkeypatch.setattr(recordings.files, "is_installed", lambda: False)
    answers = recordings.open_model("lesson_41")
    assert answers.model is None and answers.recorded
    assert "its answers below are a recording" in capsys.readouterr().out
