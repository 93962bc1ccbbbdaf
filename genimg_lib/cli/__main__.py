"""`python -m genimg_lib.cli`: the command `genimg` where it is not installed."""

import sys

from genimg_lib.cli import main

sys.exit(main())
