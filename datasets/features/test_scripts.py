"""Runs the two scripts as SageMaker does: as processes, in a folder shaped like the container's."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAMPLE = HERE / "sample" / "weather.csv"
HEADER = "location,date,precipitation,temp_max,temp_min,wind,weather\n"

DATASET = {
    "name": "features",
    "partitionKeys": [
        {"kind": "date", "type": "string", "format": "yyyy-MM-dd", "timeZone": "Asia/Tokyo", "name": "process_date_jst"}
    ],
    "columns": [{"name": name, "type": "string", "comment": ""} for name in ("feature1", "feature2", "y")],
    "format": {
        "kind": "csv",
        "delimiter": ",",
        "header": False,
        "nullText": "\\N",
        "newline": "\n",
        "encoding": "utf-8",
    },
}


def date_key(name, form):
    return {"kind": "date", "type": "string", "format": form, "timeZone": "Asia/Tokyo", "name": name}


def run(script, base, *args):
    return subprocess.run(
        [sys.executable, str(HERE / script), *args],
        # No AWS variables: the scripts need neither credentials nor a region.
        env={"PROCESSING_DIR": str(base), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def extract(tmp_path, *files, days=("2021-12-01",)):
    """Runs extract.py on raw files of this content."""
    raw = tmp_path / "input" / "raw"
    raw.mkdir(parents=True)
    for number, content in enumerate(files):
        (raw / f"{number}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return run("extract.py", tmp_path, "--process-date", *days)


def transform(tmp_path, content, *args, **changes):
    """Runs transform.py on an extract.csv of this content, with changes to dataset.json."""
    for folder in ("extract", "dataset"):
        (tmp_path / "input" / folder).mkdir(parents=True)
    (tmp_path / "input" / "extract" / "extract.csv").write_bytes(content.encode())
    dataset = json.dumps({**DATASET, **changes}, ensure_ascii=False)
    (tmp_path / "input" / "dataset" / "dataset.json").write_text(dataset, encoding="utf-8")
    return run("transform.py", tmp_path, *(args or ("--process-date", "2021-12-01")))


def tree(tmp_path):
    """Output files by path, as bytes."""
    output = tmp_path / "output"
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def refused(result, tmp_path, *parts):
    """The script ended with an error that says these things, without a traceback, and wrote nothing."""
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    for part in parts:
        assert part in result.stderr
    assert tree(tmp_path) == {}


def test_the_sample_goes_through_both_scripts_cell_by_cell(tmp_path):
    first, second = tmp_path / "extract", tmp_path / "transform"
    assert extract(first, SAMPLE.read_bytes()).returncode == 0
    extracted = tree(first)
    assert list(extracted) == ["extract.csv"]
    assert extracted["extract.csv"].startswith(b"location,date,feature1,feature2,y\nSeattle,2012-01-01,12.8,5.0,drizzle\n")

    result = transform(second, extracted["extract.csv"].decode())
    assert result.returncode == 0, result.stderr
    written = tree(second)
    assert list(written) == ["process_date_jst=2021-12-01/partition.csv"]
    # Expected from the sample by the csv module alone, so that pandas cannot hide what pandas changed.
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = [f"{row['temp_max']},{row['temp_min']},{row['weather']}\n" for row in csv.DictReader(file)]
    assert len(rows) == 2922
    assert written["process_date_jst=2021-12-01/partition.csv"].decode() == "".join(rows)


def test_columns_follow_the_declaration_not_the_file(tmp_path):
    assert transform(tmp_path, "y,date,feature2,feature1\nsun,2012-01-01,2,1\n").returncode == 0
    assert tree(tmp_path)["process_date_jst=2021-12-01/partition.csv"] == b"1,2,sun\n"


@pytest.mark.parametrize("args", [
    ("--process-date", "2021-12-01", "2021-12-02"),
    ("--process-date", "2021-12-01", "--process-date", "2021-12-02"),
])
def test_several_days_in_one_run(tmp_path, args):
    assert transform(tmp_path, "feature1,feature2,y\n1,2,sun\n", *args).returncode == 0
    assert tree(tmp_path) == {
        "process_date_jst=2021-12-01/partition.csv": b"1,2,sun\n",
        "process_date_jst=2021-12-02/partition.csv": b"1,2,sun\n",
    }


@pytest.mark.parametrize("keys, folder", [
    ([("year", "yyyy"), ("month", "MM"), ("day", "dd")], "year=2021/month=12/day=01"),
    ([("month", "yyyy-MM"), ("day", "yyyyMMdd")], "month=2021-12/day=20211201"),
])
def test_several_levels(tmp_path, keys, folder):
    result = transform(
        tmp_path, "feature1,feature2,y\n1,2,sun\n", partitionKeys=[date_key(name, form) for name, form in keys]
    )
    assert result.returncode == 0, result.stderr
    assert tree(tmp_path) == {f"{folder}/partition.csv": b"1,2,sun\n"}


@pytest.mark.parametrize("key", [
    date_key("hour", "HH"),
    {"kind": "enum", "type": "string", "name": "region", "values": ["jp"]},
    {"kind": "integer", "type": "string", "name": "shard", "digits": 2},
])
def test_a_key_that_a_day_does_not_name_is_refused(tmp_path, key):
    result = transform(tmp_path, "feature1,feature2,y\n1,2,sun\n", partitionKeys=[key])
    refused(result, tmp_path, f"partition key '{key['name']}'", key["kind"])


def test_running_the_same_day_again_gives_the_same_file(tmp_path):
    assert transform(tmp_path, "feature1,feature2,y\n1,2,sun\n").returncode == 0
    before = tree(tmp_path)
    assert run("transform.py", tmp_path, "--process-date", "2021-12-01").returncode == 0
    assert tree(tmp_path) == before


@pytest.mark.parametrize("cell", ["", "NA", "null", "007", "1e5", "1.0", " x ", "C:\\new", "it's", "#1", "晴れ", "東京都 ☔"])
def test_cells_are_written_as_they_were_read(tmp_path, cell):
    first, second = tmp_path / "extract", tmp_path / "transform"
    assert extract(first, f"{HEADER}東京,2012-01-01,0,{cell},2,3,{cell}\n").returncode == 0
    extracted = tree(first)["extract.csv"].decode()
    assert extracted == f"location,date,feature1,feature2,y\n東京,2012-01-01,{cell},2,{cell}\n"
    assert transform(second, extracted).returncode == 0
    assert tree(second)["process_date_jst=2021-12-01/partition.csv"].decode() == f"{cell},2,{cell}\n"


@pytest.mark.parametrize("cell, what", [
    ('"a,b"', "delimiter"),
    ('"a\nb"', "line break"),
    ('"a\rb"', "line break"),
    ('"say ""hi"""', "double quote"),
    ("\\N", "null"),
])
def test_a_cell_the_serde_cannot_carry_is_refused(tmp_path, cell, what):
    result = transform(tmp_path, f"feature1,feature2,y\n1,2,sun\n1,{cell},sun\n")
    refused(result, tmp_path, "row 2, column 'feature2'", what)


def test_the_delimiter_and_the_header_come_from_the_declaration(tmp_path):
    tab = {**DATASET["format"], "delimiter": "\t", "header": True}
    assert transform(tmp_path, 'feature1,feature2,y\n1,"2,5",sun\n', format=tab).returncode == 0
    assert tree(tmp_path)["process_date_jst=2021-12-01/partition.csv"] == b"feature1\tfeature2\ty\n1\t2,5\tsun\n"


def test_an_empty_cell_alone_in_its_row_is_refused(tmp_path):
    result = transform(tmp_path, "y,date\nsun,1\n,2\n", columns=[{"name": "y"}])
    refused(result, tmp_path, "row 2, column 'y'", "empty line")


def test_a_missing_column_is_named(tmp_path):
    refused(transform(tmp_path / "t", "feature1,y\n1,sun\n"), tmp_path / "t", "'feature2'", "'feature1', 'y'")
    result = extract(tmp_path / "e", "location,date,temp_max\nSeattle,2012-01-01,1\n")
    refused(result, tmp_path / "e", "0.csv", "'temp_min', 'weather'")


@pytest.mark.parametrize("content", ["", "feature1,feature2,y\n"])
def test_an_empty_extract_is_refused(tmp_path, content):
    refused(transform(tmp_path, content), tmp_path, "extract.csv", "no rows")


@pytest.mark.parametrize("content", ["", HEADER])
def test_an_empty_raw_file_is_refused(tmp_path, content):
    refused(extract(tmp_path, content), tmp_path, "0.csv", "no rows")


def test_a_raw_folder_without_files_is_refused(tmp_path):
    refused(extract(tmp_path), tmp_path, "no *.csv", "raw")


@pytest.mark.parametrize("row, count", [("Seattle,2012-01-01,0,1,2,3", 6), ("Seattle,2012-01-01,0,1,2,3,sun,x", 8)])
def test_a_raw_row_of_another_length_is_refused(tmp_path, row, count):
    refused(extract(tmp_path, f"{HEADER}{row}\n"), tmp_path, f"0.csv: row 1 has {count} cells, the header has 7")


def test_a_raw_file_in_another_encoding_is_refused(tmp_path):
    refused(extract(tmp_path, f"{HEADER}東京,2012-01-01,0,1,2,3,晴れ\n".encode("cp932")), tmp_path, "0.csv", "UTF-8")


def test_raw_files_are_joined_in_order_of_name_and_a_byte_order_mark_is_no_data(tmp_path):
    rows = [f"{HEADER}A,2012-01-01,0,1,2,3,sun\n".encode("utf-8-sig"), f"{HEADER}B,2012-01-01,0,4,5,6,rain\n"]
    assert extract(tmp_path, *rows).returncode == 0
    assert tree(tmp_path)["extract.csv"] == (
        b"location,date,feature1,feature2,y\nA,2012-01-01,1,2,sun\nB,2012-01-01,4,5,rain\n"
    )


@pytest.mark.parametrize("script", ["extract.py", "transform.py"])
@pytest.mark.parametrize("day", ["2021-02-30", "20211201", "2021-12-1", "2021-W48-3", "today", "", "2021-12-01T00:00:00"])
def test_what_is_not_a_day_is_refused(tmp_path, script, day):
    refused(run(script, tmp_path, "--process-date", day), tmp_path, f"'{day}'", "YYYY-MM-DD")


@pytest.mark.parametrize("script", ["extract.py", "transform.py"])
def test_the_day_is_required_because_no_script_reads_the_clock(tmp_path, script):
    refused(run(script, tmp_path), tmp_path, "--process-date")
