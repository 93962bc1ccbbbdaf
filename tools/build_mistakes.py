"""Writes the list of named mistakes that a class shows its teacher.

    uv run tools/build_mistakes.py             # every exercise
    uv run tools/build_mistakes.py gan vae     # some topics; the entries of the others stay

Each wrong answer of tests/answers is checked, and what the checker tells gets its stable key
(genimg_lib/classroom/mistakes.py). The list says for a key which exercise it belongs to, what the
tests call the mistake, and the feedback without the numbers of an answer. A sentence that was
rewritten has a new key: run this tool again.
"""

import importlib
import json
import sys
import warnings

from _shared import ROOT, chosen, command_line

from genimg_lib.classroom import mistakes

ANSWERS = ROOT / "tests" / "answers"
NO_TOPICS = ("capstones", "lessons")  # capstones train a model in their check


def named(topic: str) -> dict[str, dict]:
    """The mistakes of one topic, by key."""
    found: dict[str, dict] = {}
    checks = importlib.import_module(f"genimg_lib.checks.{topic}")
    for path in sorted((ANSWERS / topic).glob("[a-z]*.py")):
        module = importlib.import_module(f"answers.{topic}.{path.stem}")
        for given in module.GIVEN:
            if not given.fragment:
                continue
            answers = given.answer if getattr(module, "MANY", False) else (given.answer,)
            verdict = getattr(checks, path.stem).verdict(*answers)
            text = mistakes.canonical(path.stem, verdict.feedback)
            if verdict.crash or verdict.todo or not text:
                continue
            key = mistakes.key(path.stem, verdict.feedback)
            entry = {"exercise": path.stem, "names": [], "feedback": text}
            found.setdefault(key, entry)["names"].append(given.name.replace("_", " "))
    return found


def main() -> None:
    topics = sorted(
        path.name
        for path in ANSWERS.iterdir()
        if path.is_dir() and path.name not in NO_TOPICS and list(path.glob("[a-z]*.py"))
    )
    parser = command_line(__doc__)
    parser.add_argument("topics", nargs="*", help="folders of tests/answers; all unless told")
    words = chosen(parser, parser.parse_args().topics, topics)
    sys.path.insert(0, str(ROOT / "tests"))
    warnings.simplefilter("ignore")  # of answers that are wrong in every way
    found: dict[str, dict] = {}
    for topic in topics:
        stems = {path.stem for path in (ANSWERS / topic).glob("[a-z]*.py")}
        if topic in words:
            found |= named(topic)
        elif mistakes.LIST.exists():
            kept = json.loads(mistakes.LIST.read_text())
            found |= {key: entry for key, entry in kept.items() if entry["exercise"] in stems}
        print(f"{topic}: {sum(entry['exercise'] in stems for entry in found.values())}", flush=True)
        text = json.dumps(dict(sorted(found.items())), indent=1, ensure_ascii=False)
    mistakes.LIST.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
