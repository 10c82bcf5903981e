"""The command ``kms-alias``."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from . import _kms_alias


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; the arguments are those after its name. Returns its exit code.

    It writes to the process's own output and not through ``sys.stdout``, which is flushed before:
    in pytest ``capfd`` captures it, and ``capsys`` does not.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if arguments is None:
        arguments = sys.argv[1:]
        # Ctrl-C ends the program at once: Python would wait for it to end by itself.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _kms_alias.main(["kms-alias", *arguments])
