"""The wheel: whoever installs the program has every file that it reads, not only its modules."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_holds_every_file_of_the_program_and_no_other(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as opened:
        held = {Path(name) for name in opened.namelist() if ".dist-info/" not in name}
    kept = {file.relative_to(ROOT) for file in (ROOT / "monitor").rglob("*") if file.is_file()}
    assert held == {file for file in kept if "__pycache__" not in file.parts}
    assert {".py", ".toml", ".html", ".mo", ".css"} <= {file.suffix for file in held}
