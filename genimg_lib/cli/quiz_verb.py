"""The verb `genimg quiz`: ten questions before and after a course."""

from genimg_lib.practice.interview import quiz

COMPARE = "compare"


def add_verbs(commands) -> None:
    """Adds the verb to the subparsers of `genimg`."""
    command = commands.add_parser(
        "quiz", help="ten questions before and after a course, and what has changed"
    )
    command.set_defaults(run=run_quiz)
    command.add_argument("time", choices=[*quiz.TIMES, COMPARE])


def run_quiz(chosen) -> int:
    answers = quiz.Answers()
    if chosen.time != COMPARE:
        quiz.conduct(chosen.time, answers)
    if chosen.time != quiz.TIMES[0]:
        print(quiz.comparison(answers))
    if answers.message:
        print(answers.message)
    return 0
