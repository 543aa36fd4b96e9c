"""requests is loaded without what guesses encodings, and guesses all the same when it is asked to."""

import subprocess
import sys

SAID = """
import sys
from monitor.fetch.guessing import guessing_late

with guessing_late():
    import requests
print("charset_normalizer" in sys.modules)
answer = requests.Response()
answer._content = "Ich widerspreche der Nutzung für künstliche Intelligenz;.".encode("utf-16")
print("künstliche" in answer.text)
"""


def test_requests_guesses_encodings_only_when_asked() -> None:
    ended = subprocess.run([sys.executable, "-W", "error", "-c", SAID], capture_output=True, text=True, check=True)

    assert ended.stdout.split() == ["False", "True"]
