"""The verb `genimg nbgrader`: an exercise notebook as an assignment of nbgrader."""

from pathlib import Path


def add_verbs(commands) -> None:
    """Adds the verb to the subparsers of `genimg`."""
    command = commands.add_parser(
        "nbgrader", help="exercises as an assignment of nbgrader: nbgrader 20 FOLDER"
    )
    command.set_defaults(run=run_nbgrader)
    command.add_argument("notebook", metavar="NOTEBOOK", help="a number or a name, as for start")
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the course")


def run_nbgrader(chosen) -> int:
    # here, since it imports nbformat, which no other command needs at its start
    from genimg_lib.practice.exercises import nbgrader

    path = nbgrader.write(chosen.notebook, chosen.folder)
    print(path)
    print(f"Next, in {chosen.folder}:  nbgrader generate_assignment {path.stem}")
    return 0
