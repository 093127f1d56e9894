"""Build the wheel, install it with the lowest and the newest supported versions, and label with each installation.

It needs a package index and several minutes, so it is not part of the suite: run `make wheel-test`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from functools import partial
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from corpuscope.extras import EXTRAS as LIBRARIES  # noqa: E402 - ruff counts the line above as code
from terminal import Terminal  # noqa: E402 - found by the line above

IN_SDIST = {"src", "tests", "benchmarks", "docs", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"}
IN_SDIST |= {"CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "Dockerfile", ".dockerignore"}
IN_SDIST |= {"categories.yaml", "constraints.txt", "pyproject.toml", "PKG-INFO", ".gitignore"}
"""Top-level names that an sdist may contain; build backends add the last two."""
NEVER = re.compile(r"(^|/)(labels/|\.venv/|__pycache__/|\.[a-z_]*cache/|\.hypothesis/)|\.(pyc|journal|log)$")
"""Paths of labels and caches, which no distribution may contain."""


def lowest(tools: Path, python: str) -> str:
    """Return constraints: each direct dependency at its lowest version with a wheel for that interpreter."""
    extras = chain.from_iterable(("--extra", extra) for extra in EXTRAS)
    resolution = ["--resolution", "lowest-direct", "--only-binary", ":all:", "--no-annotate", "--no-header"]
    uv = [tools / "uv", "pip", "compile", "--quiet", "--no-python-downloads", "--python", python]
    return run(*uv, *resolution, *extras, ROOT / "pyproject.toml")


def build(tools: Path, folder: Path) -> tuple[Path, Path]:
    """Build into `folder` and return the wheel and the sdist."""
    run(tools / "python", "-m", "build", "--outdir", folder / "dist", ROOT)
    (wheel,), (sdist,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
    return wheel, sdist


def check_contents(wheel: Path, sdist: Path) -> None:
    """Exit with a message when a distribution contains foreign files or lacks files of the app."""
    inside = zipfile.ZipFile(wheel).namelist()
    needed = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*") if p.suffix in DATA}
    expect(not needed - set(inside), f"the wheel lacks {sorted(needed - set(inside))}")
    foreign = {name.split("/")[0] for name in inside if not name.startswith("corpuscope/")}
    expect(all(name.endswith(".dist-info") for name in foreign), f"the wheel also holds {foreign}")
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    top = {name.split("/")[0] for name in names}
    expect(top <= IN_SDIST, f"the sdist also holds {sorted(top - IN_SDIST)}")
    private = [name for name in (*inside, *names) if NEVER.search(name)]
    expect(not private, f"labels or caches were packed: {private[:5]}")
    print(f"wheel {wheel.stat().st_size:,} bytes, sdist {sdist.stat().st_size:,} bytes, {len(names)} files")


DATA = {".py", ".yaml", ".jsonl", ".json", ".gz", ".typed"}
"""Extensions of files that the wheel has to contain."""


def environment(
    folder: Path, requirements: list[str], constraints: Path | None = None, python: str = sys.executable
) -> Path:
    """Create a virtual environment of `python` with these requirements and return its `bin` folder."""
    run(python, "-m", "venv", folder)
    limits = ["--constraint", constraints] if constraints else []
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    run(*pip, *limits, *requirements)
    return folder / "bin"


def ready(labelled: int, text: str) -> bool:
    """Tell whether a document is on screen and that many are labelled."""
    return f" {labelled} / 40" in text and " words" in text


def use(commands: Path, folder: Path) -> None:
    """Label in a terminal, then summarise, export, report and check, as a new user would."""
    corpuscope = commands / "corpuscope"
    with Terminal("demo", "crawl", folder=folder, command=[str(corpuscope)]) as terminal:
        for labelled, key in enumerate("2154372"):
            terminal.wait_for(partial(ready, labelled))
            terminal.press(key)
        terminal.wait_for("7 / 40")
        expect(terminal.quit() == 0, "the app did not leave with 0")
    summary = run(corpuscope, "summary", "--by", "documents", cwd=folder)
    expect("n = 7" in summary, summary)
    for arguments in (
        ["compare", "--reference"],
        ["export", "--format", "parquet", "--text", "-o", "labels.parquet"],
        ["export", "--format", "dataset", "-o", "dataset"],
        ["export", "-o", "labels.csv"],
        ["import", "labels.csv"],
        ["report", "found.html"],
        ["sample", "demo-edu", "-n", "5", "-o", "sample.parquet"],
        ["doctor", "--offline"],
        ["ledger", "check"],
    ):
        run(corpuscope, *arguments, cwd=folder)
    run(commands / "python", "-c", READ_BACK, cwd=folder)


READ_BACK = (
    "from datasets import load_dataset\n"
    "assert len(load_dataset('parquet', data_files='labels/*/*.parquet', cache_dir='cache')['train']) >= 7\n"
    "assert len(load_dataset('dataset', cache_dir='cache')['train']) == 7\n"
)
"""Program that reads labels and export back with `datasets`."""


def use_extra(commands: Path, folder: Path, name: str, *, installed: bool) -> None:
    """Run the command that needs an extra: it works, or says how the extra is installed."""
    command, words = EXTRAS[name]
    process = subprocess.run(
        [commands / "corpuscope", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    output = process.stdout + process.stderr
    expected = words if installed else f'it is an extra: pip install "corpuscope[{name}]"'
    expect(expected in output, f"corpuscope {command}:\n{output}")
    expect(installed or process.returncode == 2, f"corpuscope {command} ended with {process.returncode}")


EXTRAS: dict[str, tuple[list[str], str]] = {
    "assist": (["estimate", "demo-crawl"], "7 labels; assisted shares need 50"),
    "filters": (["filters", "demo-crawl"], "what the filters would remove"),
    "llm": (["annotate", "--model", "any"], "there is no server to ask"),
    "scale": (["classify", "demo-crawl", "-o", "run"], "44 documents, 1 of 1 rank"),
    "serve": (["serve", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    "xlsx": (["export", "-o", "labels.xlsx"], "labels.xlsx"),
}
"""Per extra a command that needs it, and words of its answer in a folder with seven labels."""


def run(*command: object, cwd: Path | None = None) -> str:
    """Run a command and return its standard output; exit with its output when it fails."""
    process = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    expect(
        process.returncode == 0,
        f"{command} ended with {process.returncode}:\n{process.stdout}{process.stderr}",
    )
    return process.stdout


def expect(condition: bool, message: str) -> None:
    """Exit with a message unless the condition holds."""
    if not condition:
        sys.exit(message)


def main() -> None:
    """Try the lowest and the newest versions with every extra, then each extra alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lowest", "newest", "extras"], help="try these versions only")
    parser.add_argument(
        "--python", default=sys.executable, help="interpreter to install into (default: this one)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="corpuscope-wheel-") as temporary:
        folder = Path(temporary)
        tools = environment(folder / "tools", ["build", "uv"])
        wheel, sdist = build(tools, folder)
        check_contents(wheel, sdist)
        install = partial(environment, python=options.python)
        for version in ("lowest", "newest"):
            if options.only in (None, version):
                constraints = folder / f"{version}.txt"
                constraints.write_text(lowest(tools, options.python) if version == "lowest" else "")
                commands = install(folder / version, [f"{wheel}[{','.join(EXTRAS)}]"], constraints)
                print(
                    version, *sorted(run(commands / "python", "-m", "pip", "freeze").split("\n")), sep="\n  "
                )
                try_out(commands, folder / f"study-{version}", list(EXTRAS))
                print(f"{version}: works")
        for name in EXTRAS if options.only in (None, "extras") else ():
            commands = install(folder / name, [f"{wheel}[{name}]"])
            try_out(commands, folder / f"study-{name}", [name])
            print(f"{name} alone: works")


def try_out(commands: Path, study: Path, extras: list[str]) -> None:
    """Use an installation in a new folder, with the commands of these extras."""
    study.mkdir()
    use(commands, study)
    libraries = set(chain.from_iterable(LIBRARIES[extra] for extra in extras))
    for name in EXTRAS:
        use_extra(commands, study, name, installed=libraries.issuperset(LIBRARIES[name]))


if __name__ == "__main__":
    main()
