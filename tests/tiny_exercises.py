"""A notebook of exercises with every kind of answer that a learner may give.

All are answers to the first exercise of lesson 20.
"""

from pathlib import Path

import nbformat

BODIES = {
    "untouched": '    raise NotImplementedError("TODO: shift and scale")',
    "wrong": "    return means + np.exp(log_variances) * epsilon",
    "crash": "    return means + np.exp(log_variances) @ epsilon",
    "no_return": "    z = means + np.exp(0.5 * log_variances) * epsilon",
    "syntax": "    return means + (np.exp(",
    "endless": "    while True:\n        pass",
    "endless_cell": "    return means\n\nwhile True:\n    pass",
    "stubborn_cell": "    return means\n\nimport signal\nsignal.signal(signal.SIGINT, "
    "signal.SIG_IGN)\nwhile True:\n    pass",
    "dead": "    import os\n    os._exit(1)",
    "right": "    return means + np.exp(0.5 * log_variances) * epsilon",
}
STUB = 'def reparameterise(means, log_variances, epsilon):\n    """A docstring."""\n'
HEADER = (
    "**mid** · 5 minutes · write · prepares: [lesson 20](x.ipynb) · *Interviewers look for:* care"
)


def notebook(path: Path, *names: str) -> Path:
    """Writes a notebook with one exercise for each of the named answers."""
    cells = [
        nbformat.v4.new_code_cell(
            "import numpy as np\n\nfrom genimg_lib.checks import vae as check"
        )
    ]
    for number, name in enumerate(names, 1):
        cells.append(nbformat.v4.new_markdown_cell(f"## 20.{number} Number {number}\n\n{HEADER}"))
        cells.append(nbformat.v4.new_code_cell(STUB + BODIES[name], metadata={"tags": ["todo"]}))
        cells.append(
            nbformat.v4.new_code_cell(
                "check.reparameterise(reparameterise)", metadata={"tags": ["check"]}
            )
        )
    path.parent.mkdir(exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path
