"""Running the two programs that know elections: thidua, and Debian's belenios-tool."""

import os
import pathlib
import subprocess

THIDUA = os.environ["THIDUA"]
KNOWN = pathlib.Path(__file__).resolve().parent / "known"


def thidua(*words, text=None):
    return subprocess.run([THIDUA, "ballot", *map(str, words), "--language", "en"],
                          capture_output=True, text=True, input=text, timeout=300, check=False)


def belenios(*words, folder=".", data=None):
    """Its output; raises when it fails."""
    done = subprocess.run(["belenios-tool", *map(str, words)], capture_output=True, cwd=folder,
                          input=data, timeout=300, check=True,
                          env=os.environ | {"BELENIOS_USE_URANDOM": "1"})
    return done.stdout


def belenios_accepts(folder):
    """Does `election verify` say that all checks passed?"""
    done = subprocess.run(["belenios-tool", "election", "verify", "--dir", folder],
                          capture_output=True, text=True, timeout=300, check=False,
                          env=os.environ | {"BELENIOS_USE_URANDOM": "1"})
    return done.returncode == 0 and "all checks passed" in done.stdout + done.stderr
