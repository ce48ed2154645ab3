"""What opening the database costs: nothing that it does not use is loaded with it."""

import subprocess
import sys

PROBE = "import sys, review_db.connection; print(sorted({'pandas', 'numpy'} & set(sys.modules)))"


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_pandas_and_numpy_are_not_loaded_to_open_a_database_and_can_be_loaded_after():
    assert printed(f"{PROBE}; import numpy; print(numpy.int64(7))").splitlines() == ["[]", "7"]
