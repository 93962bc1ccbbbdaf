"""A lesson's questions to the real language model: answered by it where it is installed, and else
from a recording.

    smollm = recordings.open_model("lesson_41")

    @smollm.answers
    def next_token(model, text):
        return model.detokenize([[int(model.logits(model.tokenize([text]))[0, -1].argmax())]])[0]

    next_token("The capital of France is")

Recordings are made by `tools/record_answers.py`, which runs the lessons with the model installed.
"""

import functools
import json
import os
import time
from pathlib import Path

from genimg_lib.language import files

FOLDER = Path(__file__).parent / "recordings"
INVITATION = "uv run --extra llm jupyter lab"
RECORD_VARIABLE = "GENIMG_RECORD"  # if set, answers are written down


def open_model(name: str) -> "Answers":
    """Loads SmolLM2-135M-Instruct, or opens the recording `name` where it is not installed, and
    says which.
    """
    start = time.perf_counter()
    model = None
    if files.is_installed():
        from genimg_lib.language import language_model

        model = language_model.load()
        print(
            "SmolLM2-135M-Instruct is installed, and was loaded in "
            f"{time.perf_counter() - start:.0f} s: it answers live."
        )
    else:
        print(
            "SmolLM2-135M-Instruct is not installed: its answers below are a recording. To ask it "
            "yourself: " + INVITATION
        )
    return Answers(FOLDER / f"{name}.json", model)


class Answers:
    """The questions of one lesson. `model` is `None` where answers come from the recording."""

    def __init__(self, path: Path, model=None):
        self.path, self.model = path, model
        self.recorded = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def answers(self, function):
        """Makes `function(model, ...)` a question: called without the model, it returns what JSON
        makes of its answer.

        Raises `ValueError` for a question that was never recorded, where there is no model to ask.
        """

        @functools.wraps(function)
        def ask(*arguments, **options):
            question = json.dumps([function.__name__, arguments, options], ensure_ascii=False)
            if self.model is not None:
                answer = json.loads(json.dumps(function(self.model, *arguments, **options)))
                self._record(question, answer)
                return answer
            if question not in self.recorded:
                raise ValueError(
                    f"nobody recorded an answer to {question}; to ask the model itself: "
                    f"{INVITATION}"
                )
            return self.recorded[question]

        return ask

    def _record(self, question, answer):
        if os.environ.get(RECORD_VARIABLE, "0") not in ("", "0"):
            self.recorded[question] = answer
            text = json.dumps(self.recorded, ensure_ascii=False, indent=0) + "\n"
            self.path.write_text(text, encoding="utf-8")
