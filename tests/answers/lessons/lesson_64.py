import numpy as np

from answers.lessons import right, wrong


def one_way(logits):
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - np.diag(logits))


def both(pictures, words, temperature):
    cosines = pictures @ words.T / temperature
    return (one_way(cosines) + one_way(cosines.T)) / 2


def with_shares(pictures, words, temperature):
    weights = np.exp(pictures @ words.T / temperature)
    shares = np.diag(weights) ** 2 / (weights.sum(axis=0) * weights.sum(axis=1))
    return -np.log(shares).mean() / 2


GIVEN = {
    "contrastive_loss": [
        right(both),
        right(with_shares),
        wrong("words ask for their picture as well", lambda p, w, t: one_way(p @ w.T / t)),
        wrong("pictures ask for their words as well", lambda p, w, t: one_way(w @ p.T / t)),
        wrong("take their mean", lambda p, w, t: 2 * both(p, w, t)),
        wrong("by the temperature: divide", lambda p, w, t: both(p, w, 1 / t)),
        wrong("the others must be pushed away", lambda p, w, t: -np.mean((p * w).sum(1)) / t),
        wrong("the mean of both cross-entropies", lambda p, w, t: 0.0),
    ],
    "untrained_loss": [
        right("b"),
        wrong("found with certainty", "a"),
        wrong("count the choices", "c"),
    ],
    "swapped_words": [
        right("c"),
        wrong("It averages words", "a"),
        wrong("equal vectors have none", "b"),
    ],
    "seen_share": [
        right(lambda share, hit, alarm: share * hit + (1 - share) * alarm),
        right(lambda share, hit, alarm: alarm + share * (hit - alarm)),
        wrong("are forgotten", lambda share, hit, alarm: share * hit),
        wrong("from wrong pictures only", lambda share, hit, alarm: share * hit + alarm),
        wrong("that is the true share", lambda share, hit, alarm: share),
        wrong("has not yet looked", lambda share, hit, alarm: (share - alarm) / (hit - alarm)),
        wrong("taken for right", lambda share, hit, alarm: 1.0),
        wrong(
            "without false alarms, scores 0",
            lambda share, hit, alarm: max(share * hit + (1 - share) * alarm, 0.01),
        ),
    ],
    "true_share": [
        right(lambda seen, hit, alarm: np.clip((seen - alarm) / (hit - alarm), 0, 1)),
        right(lambda seen, hit, alarm: min(max((alarm - seen) / (alarm - hit), 0.0), 1.0)),
        wrong("take the false alarms off", lambda seen, hit, alarm: seen / hit),
        wrong("what is left between", lambda seen, hit, alarm: seen - alarm),
        wrong("loses its false alarms", lambda seen, hit, alarm: (seen - alarm) / hit),
        wrong("misses right pictures", lambda seen, hit, alarm: (seen - alarm) / (1 - alarm)),
        wrong("go the other way", lambda seen, hit, alarm: seen * hit + (1 - seen) * alarm),
        wrong("solve seen", lambda seen, hit, alarm: seen),
        wrong("stays between 0 and 1", lambda seen, hit, alarm: (seen - alarm) / (hit - alarm)),
    ],
    "kept_concept": [
        right("b"),
        wrong("settled early", "a"),
        wrong("learned these names", "c"),
    ],
}
