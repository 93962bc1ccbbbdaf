"""What interviews have shown: which points of the rubrics are missed, and how it goes over time."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from genimg_lib.practice.interview import bank
from genimg_lib.practice.interview.reviews import Review, Reviews

RECENT = 10  # answers in a running mean


@dataclass(frozen=True)
class Missed:
    """A key point: how often it was missed, of how many answers that a rubric has graded."""

    question: str
    point: int
    missed: int
    answers: int


def graded(reviews: list[Review]) -> list[Review]:
    """The reviews with a rubric of a question that the bank still has, in order of time."""
    known = bank.load().questions
    found = [item for item in reviews if item.missed is not None and item.question in known]
    return sorted(found, key=lambda review: review.when)


def missed_points(reviews: list[Review]) -> list[Missed]:
    """Every point that was missed, the ones that are missed most first; of equals, the ones with
    fewer answers.
    """
    answers = Counter(review.question for review in graded(reviews))
    missed = Counter(
        (review.question, point) for review in graded(reviews) for point in set(review.missed)
    )
    found = [
        Missed(question, point, count, answers[question])
        for (question, point), count in missed.items()
        if point < len(bank.load()[question].en.key_points)
    ]
    return sorted(found, key=lambda item: (-item.missed, item.answers, item.question, item.point))


def share(review: Review) -> float:
    """The share of the key points that an answer made."""
    return 1 - len(set(review.missed)) / len(bank.load()[review.question].en.key_points)


def by_topic(reviews: list[Review]) -> dict[str, tuple[float, int]]:
    """Topic -> mean share of the points made, and how many answers; the weakest topic first."""
    shares = defaultdict(list)
    for review in graded(reviews):
        shares[bank.load()[review.question].topic].append(share(review))
    found = {topic: (float(np.mean(values)), len(values)) for topic, values in shares.items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def table(reviews: list[Review], language: str = "en", count: int = 20) -> str:
    """The points that are missed most, one a line, and the topics below."""
    loaded = bank.load()
    lines = []
    for item in missed_points(reviews)[:count]:
        point = loaded[item.question].text(language).key_points[item.point]
        lines.append(f"{item.missed}/{item.answers}  {point}  ({item.question})")
    if not graded(reviews):
        return {
            "en": "No answer was graded by its rubric yet: uv run genimg interview --spoken",
            "zh": "还没有按要点评分的回答：uv run genimg interview --spoken",
        }[language]
    lines += [
        f"{mean:4.0%}  {loaded.topics[topic][language]} ({answers})"
        for topic, (mean, answers) in by_topic(reviews).items()
    ]
    return "\n".join(lines)


def progress_plot(progress: Reviews | None = None):
    """A figure: the share of the key points made, answer by answer with its running mean, and topic
    by topic. Empty axes before the first interview.
    """
    import matplotlib.pyplot as plt

    reviews = graded((progress or Reviews()).read())
    shares = np.array([share(review) for review in reviews])
    figure, (over_time, topics) = plt.subplots(1, 2, figsize=(10.5, 3.8), layout="constrained")
    numbers = np.arange(1, len(shares) + 1)
    over_time.plot(numbers, shares, "o", color="0.6", label="one answer")
    if len(shares):
        means = [shares[max(0, end - RECENT) : end].mean() for end in numbers]
        over_time.plot(numbers, means, label=f"mean of the last {RECENT}")
        over_time.legend(loc="best")
    over_time.set(
        xlabel="answers, the oldest first",
        ylabel="key points made",
        ylim=(-0.03, 1.03),
        title=f"{len(shares)} answers graded by their rubrics",
    )
    weakest = list(by_topic(reviews).items())[:10][::-1]
    names = [f"{bank.load().topics[topic]['en']} ({count})" for topic, (_, count) in weakest]
    topics.barh(names, [mean for _, (mean, _) in weakest])
    topics.set(xlabel="key points made", xlim=(0, 1), title="by topic, the weakest on top")
    plt.close(figure)
    return figure
