"""The command `genimg`: the course outside of a notebook. Nothing here imports TensorFlow."""

import argparse
import sys

from genimg_lib.cli import exercises, interview


def main(arguments: list[str] | None = None) -> int:
    """Runs one command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="genimg", description="Image generation you can run, measure and explain."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    exercises.add_verbs(commands)
    interview.add_verbs(commands)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen)
    except (OSError, ValueError) as error:
        print(f"genimg: {error}", file=sys.stderr)
        return 2
