"""`python -m pipeline` is `manualqa`."""

import sys

from pipeline.cli import main

sys.exit(main())
