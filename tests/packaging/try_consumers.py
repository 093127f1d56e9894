"""Load every export with the programs that the documentation names, and bring labels back through some of them.

Installs the programs into a folder of their own, so it needs a package index and several minutes and is not part of the
suite: run `make consumers-test`, or name an interpreter that has them with --python. What cannot be installed is named.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONSUMERS = (
    "pandas",
    "polars",
    "duckdb",
    "datasets",
    "openpyxl",
    "argilla",
    "label-studio-sdk",
    "fasttext-community",
)
NAMES = {
    "csv": "l.csv",
    "jsonl": "l.jsonl",
    "parquet": "l.parquet",
    "xlsx": "l.xlsx",
    "dataset": "folder",
    "labelstudio": "tasks.json",
    "argilla": "records.json",
    "prodigy": "examples.jsonl",
    "fasttext": "train.txt",
    "markdown": "excerpts.md",
}
HALF = "half a character \ud800 and =1+1"

LOADS = {
    "pandas csv": "import pandas as p; d=p.read_csv('l.csv'); n=len(d); t=d.text[0]",
    "pandas jsonl": "import pandas as p; d=p.read_json('l.jsonl', lines=True); n=len(d); t=d.text[0]",
    "pandas parquet": "import pandas as p; d=p.read_parquet('l.parquet'); n=len(d); t=d.text[0]",
    "pandas xlsx": "import pandas as p; d=p.read_excel('l.xlsx'); n=len(d); t=d.text[0]",
    "polars csv": "import polars as p; d=p.read_csv('l.csv'); n=len(d); t=d['text'][0]",
    "polars jsonl": "import polars as p; d=p.read_ndjson('l.jsonl'); n=len(d); t=d['text'][0]",
    "polars parquet": "import polars as p; d=p.read_parquet('l.parquet'); n=len(d); t=d['text'][0]",
    "duckdb csv": "import duckdb; r=duckdb.sql(\"select text from 'l.csv'\").fetchall(); n=len(r); t=r[0][0]",
    "duckdb jsonl": "import duckdb; r=duckdb.sql(\"select text from 'l.jsonl'\").fetchall(); n=len(r); t=r[0][0]",
    "duckdb parquet": "import duckdb; r=duckdb.sql(\"select text from 'l.parquet'\").fetchall(); n=len(r); t=r[0][0]",
    "pyarrow jsonl": "import pyarrow.json as j; d=j.read_json('l.jsonl'); n=len(d); t=d['text'][0].as_py()",
    "datasets jsonl": (
        "import datasets as s; d=s.load_dataset('json', data_files='l.jsonl')['train']; n=len(d); t=d[0]['text']"
    ),
    "datasets folder": (
        "import datasets as s; d=s.load_dataset('folder')['train']; n=len(d); t=d[0]['text'];"
        " assert len(d.features['category'].names) == 7, d.features"
    ),
    "huggingface_hub card": (
        "from huggingface_hub import DatasetCard; c=DatasetCard.load('folder/README.md'); n=40;"
        " t=' '.join(c.data.annotations_creators)"
    ),
    "argilla records": (
        "import json, argilla as rg; r=[rg.Record(id=x['id'], fields=x['fields'], metadata=x['metadata'],"
        " suggestions=[rg.Suggestion('category', v['value'], agent=v['agent']) for v in x['suggestions'].values()])"
        " for x in json.load(open('records.json'))]; n=len(r); t=r[0].fields['text']"
    ),
    "label studio converter": (
        "from label_studio_sdk.converter import Converter; import json;"
        ' c=Converter(\'<View><Text name="text" value="$text"/><Choices name="category" toName="text">'
        "<Choice value=\"News\"/></Choices></View>', '.', output_tags=['category']);"
        " c.convert_to_json_min('tasks.json', 'out', is_dir=False); r=json.load(open('out/result.json'));"
        " n=len(r); t=r[0]['text']"
    ),
    "fasttext": (
        "import fasttext; m=fasttext.train_supervised('train.txt', epoch=1, dim=5, minCount=1, verbose=0);"
        " n=sum(1 for _ in open('train.txt')); t=m.labels[0]"
    ),
}
"""What each program does with the exports in its folder: `n` is the number of rows, `t` a text."""

ROUND_TRIPS = {
    "pandas csv": "import pandas as p; p.read_csv('l.csv').to_csv('back.csv', index=False)",
    "pandas csv, NA": "import pandas as p; p.read_csv('l.csv').to_csv('back.csv', index=False, na_rep='NA')",
    "pandas jsonl": "import pandas as p; p.read_csv('l.csv').to_json('back.jsonl', orient='records', lines=True)",
    "pandas jsonl, dates": (
        "import pandas as p; p.read_parquet('l.parquet').to_json('back.jsonl', orient='records', lines=True)"
    ),
    "pandas json": "import pandas as p; p.read_csv('l.csv').to_json('back.json', orient='records')",
    "pandas parquet": "import pandas as p; p.read_parquet('l.parquet').to_parquet('back.parquet')",
    "polars csv": "import polars as p; p.read_csv('l.csv').write_csv('back.csv', separator=';')",
    "polars parquet": "import polars as p; p.read_parquet('l.parquet').write_parquet('back.parquet')",
    "duckdb csv": "import duckdb; duckdb.sql(\"copy (from 'l.parquet') to 'back.csv'\")",
    "duckdb jsonl": "import duckdb; duckdb.sql(\"copy (from 'l.parquet') to 'back.jsonl' (format json)\")",
    "duckdb parquet": "import duckdb; duckdb.sql(\"copy (from 'l.csv') to 'back.parquet' (format parquet)\")",
    "datasets parquet": "import datasets as s; s.Dataset.from_parquet('l.parquet').to_parquet('back.parquet')",
    "xlsx to csv": (
        "import pandas as p; p.read_excel('l.xlsx').to_csv('back.csv', index=False, sep=';', encoding='utf-16')"
    ),
}
"""What each program saves as `back.*`, from which `corpuscope import` has to bring every label."""

CONVERT = "soffice --headless {reading} --convert-to {to} --outdir converted {file} && mv converted/{file_out} {back}"
UTF8 = "--infilter='Text - txt - csv (StarCalc):44,34,76'"  # what a person is asked, and a converter is not
OTHER_ROUND_TRIPS = {
    "R csv": ("Rscript", 'Rscript -e \'write.csv(read.csv("l.csv"), "back.csv", row.names = FALSE)\''),
    "LibreOffice xlsx": (
        "soffice",
        CONVERT.format(reading="", to="xlsx", file="l.xlsx", file_out="l.xlsx", back="back.xlsx"),
    ),
    "LibreOffice csv, from a workbook": (
        "soffice",
        CONVERT.format(reading="", to="csv", file="l.xlsx", file_out="l.csv", back="back.csv"),
    ),
    "LibreOffice xlsx, from csv": (
        "soffice",
        CONVERT.format(reading=UTF8, to="xlsx", file="sheet.csv", file_out="sheet.xlsx", back="back.xlsx"),
    ),
    "jq jsonl": ("jq", "jq -c . l.jsonl > back.jsonl"),
}
"""The same for programs that no index has: the executable that is needed, and what a shell runs."""


def main() -> int:
    """Try every program and return 1 when one of them did not do what it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, help="interpreter with the programs installed")
    python = parser.parse_args().python
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python = python or install(folder / "consumers")
        study = a_study(folder)
        faults = [name for name, code in LOADS.items() if not loads(python, folder, name, code)]
        faults += [
            name
            for name, code in ROUND_TRIPS.items()
            if not comes_back(folder, study, name, [str(python), "-c", code])
        ]
        for name, (program, command) in OTHER_ROUND_TRIPS.items():
            if not shutil.which(program):
                print(f"not here: {program} ({name})")
            elif not comes_back(folder, study, name, ["sh", "-c", command]):
                faults.append(name)
        if shutil.which("jq"):
            rows = subprocess.run(
                ["jq", "-c", ".draw", "l.jsonl"], cwd=folder, capture_output=True, text=True
            )
            say("jq", rows.returncode == 0 and len(rows.stdout.split()) == 40, rows.stderr)
            faults += ["jq"] * (rows.returncode != 0)
    tried = len(LOADS) + len(ROUND_TRIPS) + len(OTHER_ROUND_TRIPS)
    print(f"{len(faults)} of {tried} failed: {', '.join(faults) or 'none'}")
    return bool(faults)


def install(folder: Path) -> Path:
    """Install every program that the index has, and return the interpreter that has them."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    for program in CONSUMERS:
        done = subprocess.run([python, "-m", "pip", "install", "-q", program], capture_output=True, text=True)
        if done.returncode:
            print(f"cannot be installed: {program}: {done.stderr.strip().splitlines()[-1:]}")
    return python


def a_study(folder: Path) -> Path:
    """Label 40 documents of a file, one of them with half a character, and export them in every format."""
    rows = [{"text": f"text {number}", "score": number / 2} for number in range(60)]
    rows[0]["text"] = HALF
    (folder / "web.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    study = folder / "labels"
    sample = corpuscope("sample", "web.jsonl", "-n", "60", "--labels", str(study), folder=folder).stdout
    drawn = sorted(map(json.loads, sample.splitlines()), key=lambda row: row["row"])[:40]
    names = ("News", "Forum", "Advertising")
    labels = [
        {
            name: row[name]
            for name in ("corpus", "dataset", "name", "split", "revision", "shard", "row", "draw")
        }
        | {
            "category": names[row["row"] % 3],
            "annotator": "ann",
            "at": f"2026-01-31T10:{row['row']:02}:00.25Z",
        }
        | ({"reading_ms": 1_500 + row["row"], "note": "=1+1"} if row["row"] % 4 else {})
        for row in drawn
    ]
    (folder / "seed.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))
    corpuscope("import", "seed.jsonl", "--labels", str(study), folder=folder)
    for form, name in NAMES.items():
        corpuscope(
            *("export", "--format", form, "--text", "-o", name, "--labels", str(study)),
            *(("--columns", "score") if form in ("csv", "jsonl", "parquet", "dataset", "xlsx") else ()),
            folder=folder,
        )
    # what programs open that take a note such as =1+1 for a formula
    corpuscope("export", "--spreadsheet", "--text", "-o", "sheet.csv", "--labels", str(study), folder=folder)
    return study


def corpuscope(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    command = [sys.executable, "-m", "corpuscope", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


def loads(python: Path, folder: Path, name: str, code: str) -> bool:
    """Let a program load an export, print what it saw, and return whether it saw every row."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(folder / "cache")}
    command = [str(python), "-c", f"{code}; print(n, ascii(str(t)[:40]))"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    saw = done.stdout.strip().splitlines()[-1:] or done.stderr.strip().splitlines()[-1:]
    good = done.returncode == 0 and saw[0].startswith("40 ")
    say(name, good, " ".join(saw))
    return good


def comes_back(folder: Path, study: Path, name: str, saving: list[str]) -> bool:
    """Let a command save an export, import that into an empty folder, and return whether every label came as it was."""
    for old in folder.glob("back.*"):
        old.unlink()
    other = folder / "other"
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    shutil.copy(study / "plan.json", other)
    saved = subprocess.run(saving, cwd=folder, capture_output=True, text=True)
    if saved.returncode:
        say(f"back from {name}", False, " ".join(saved.stderr.strip().splitlines()[-1:]))
        return False
    (back,) = folder.glob("back.*")
    command = [sys.executable, "-m", "corpuscope", "import", back.name, "--labels", str(other)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    exports = [
        corpuscope("export", "--format", "jsonl", "--labels", str(labels), folder=folder).stdout
        for labels in (study, other)
    ]
    same = exports[0] == exports[1]
    say(f"back from {name}", same, (done.stdout + done.stderr).strip().splitlines()[-1])
    return same


def say(name: str, good: bool, what: str) -> None:
    """Print one line of what a program did."""
    print(f"{'ok   ' if good else 'FAULT'} {name}: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
