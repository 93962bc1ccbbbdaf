import numpy as np
from answers import right, wrong
from sklearn.metrics import roc_curve


@right
def in_loops(members, others, rates):
    shares = []
    for rate in rates:
        best = 0.0
        for threshold in [*members, *others]:
            if np.mean(others <= threshold) <= rate:
                best = max(best, np.mean(members <= threshold))
        shares.append(best)
    return shares


@right
def with_scikit_learn(members, others, rates):
    truth = np.repeat([1, 0], [len(members), len(others)])
    false, true, _ = roc_curve(truth, -np.concatenate([members, others]))
    return np.array([true[false <= rate].max() for rate in rates])


@right
def from_sorted_others(members, others, rates):
    ordered = np.append(np.sort(others), np.inf)
    limits = ordered[np.floor(rates * len(others) + 1e-9).astype(int)]
    return np.array([np.mean(members < limit) for limit in limits])


@wrong("members have the LOW loss")
def accuses_high(members, others, rates):
    return in_loops(-members, -others, rates)


@wrong("others with that very loss count")
def strictly(members, others, rates):
    thresholds = np.concatenate([members, others])
    accused = np.array([np.mean(others < threshold) for threshold in thresholds])
    found = np.array([np.mean(members <= threshold) for threshold in thresholds])
    return [max([0.0, *found[accused <= rate]]) for rate in rates]


@wrong("not all images together")
def of_all(members, others, rates):
    everybody = np.concatenate([members, others])
    accused = np.array([np.mean(everybody <= threshold) for threshold in everybody])
    found = np.array([np.mean(members <= threshold) for threshold in everybody])
    return [max([0.0, *found[accused <= rate]]) for rate in rates]


@wrong("a share is wanted")
def numbers(members, others, rates):
    return np.array(in_loops(members, others, rates)) * len(members)


@wrong("the roles are exchanged")
def exchanged(members, others, rates):
    return in_loops(others, members, rates)


@wrong("should find")
def by_quantiles(members, others, rates):
    return [np.mean(members <= np.quantile(others, rate)) for rate in rates]


@wrong("the shares has shape")
def one_rate(members, others, rates):
    return in_loops(members, others, rates)[0]


EQUIVALENT = {}
