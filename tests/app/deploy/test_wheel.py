"""The wheel, built from exactly what the Dockerfile copies, is complete and works in a clean environment."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from email import message_from_string
from pathlib import Path
from shutil import copy2, copytree

import pytest

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "examples/deploy/Dockerfile").read_text(encoding="utf-8")
COPIED = [
    source
    for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, flags=re.MULTILINE)
    for source in line.split()
]
PATIENCE_SECONDS = 150


def _environment() -> dict[str, str]:
    """Without this repository on the path."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def run(*command: str | Path) -> str:
    ran = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=False, env=_environment(), cwd="/"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install .` builds inside the container, where nothing else is there."""
    context, built = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("built")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            copytree(source, context / name, ignore=lambda _, names: {n for n in names if n == "__pycache__"})
        else:
            copy2(source, context / name)
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *quiet, "--wheel-dir", built, context)
    (found,) = built.glob("holdline-*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`holdline` of a new environment that has only the wheel; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", python, "install", *quiet, wheel)
    ours = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (ours / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    told = run(python, "-c", "import holdline; print(holdline.__file__)")
    assert str(folder) in told, "it is the wheel that is imported"
    return folder / "bin/holdline"


def test_the_dockerfile_copies_existing_files_and_starts_the_installed_program() -> None:
    assert COPIED and [name for name in COPIED if not (ROOT / name).exists()] == []
    assert 'ENTRYPOINT ["holdline"]' in DOCKERFILE and "\nUSER desk\n" in DOCKERFILE
    compose = (ROOT / "examples/deploy/compose.yaml").read_text(encoding="utf-8")
    assert "context: ../.., dockerfile: examples/deploy/Dockerfile" in compose
    assert '"desk:/data"' in compose and "\nWORKDIR /data\n" in DOCKERFILE, (
        "the erasure list outlives the container"
    )


def test_the_wheel_contains_all_files_read_at_run_time(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "holdline").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {
        f"holdline/{path.relative_to(ROOT)}" for path in (ROOT / "examples").rglob("*.*") if path.is_file()
    }
    wanted -= {name for name in wanted if "__pycache__" in name}
    assert wanted - inside == set()
    assert "holdline/config.example.toml" in inside


def test_the_metadata_names_author_licence_extras_and_python_version(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
    read = message_from_string(archive.read(name).decode())
    assert read["Author"] and read["License-Expression"] == "MIT" and read["Requires-Python"] == ">=3.11"
    assert len(read.get_all("Classifier") or []) > 8
    assert {"postgres", "tags", "reports"} <= set(read.get_all("Provides-Extra") or [])
    assert "# Holdline" in read.get_payload()


def test_the_installed_program_writes_a_configuration_and_checks_it(program: Path, tmp_path: Path) -> None:
    assert "schema" in run(program, "--version")
    run(program, "init", "--yes", "--to", tmp_path / "desk.toml", "--set", "telegram.token=7000000001:abcdef")
    assert "database is up to date" in run(program, "migrate", "--config", tmp_path / "desk.toml") + run(
        program, "migrate", "--config", tmp_path / "desk.toml"
    )


def test_the_installed_demo_answers(program: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        demo = subprocess.Popen(
            [program, "demo", "--port", "0"], stdout=out, stderr=out, cwd=tmp_path, env=_environment()
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (urls := re.findall(r"http://127\.0\.0\.1:\d+\S*", (tmp_path / "out").read_text())):
            assert demo.poll() is None and time.monotonic() < deadline, (tmp_path / "out").read_text()
            time.sleep(0.05)
        with urllib.request.urlopen(urls[0], timeout=PATIENCE_SECONDS) as page:
            assert b"<html" in page.read().lower()
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_SECONDS) in (0, 130)
