"""The command `genimg`: the course outside of a notebook.

Nothing here imports TensorFlow, except `doctor`, `train` and `generate` while they run.
"""

import argparse
import io
import sys

from genimg_lib.cli import (
    class_verbs,
    doctor_verb,
    exercise_verbs,
    interview_verbs,
    nbgrader_verb,
    quiz_verb,
    train_verbs,
)
from genimg_lib.notebook import home

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells count


def main(arguments: list[str] | None = None) -> int:
    """Runs one command line; returns the exit code: 2 for what cannot be done, 130 after Ctrl-C."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show becomes "?"
    home.keep_caches()
    parser = argparse.ArgumentParser(
        prog="genimg", description="Image generation you can run, measure and explain."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    exercise_verbs.add_verbs(commands)
    interview_verbs.add_verbs(commands)
    doctor_verb.add_verbs(commands)
    quiz_verb.add_verbs(commands)
    nbgrader_verb.add_verbs(commands)
    class_verbs.add_verbs(commands)
    train_verbs.add_verbs(commands)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen)
    except KeyboardInterrupt:
        print("\ngenimg: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (OSError, ValueError) as error:
        print(f"genimg: {error}", file=sys.stderr)
        return 2
