"""Runs monthly.py as SageMaker does: as a process, in a folder shaped like the container's."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "features" / "sample" / "weather.csv"
HEADER = "location,date,precipitation,temp_max,temp_min,wind,weather\n"
COLUMNS = ["location", "month", "days", "precipitation", "temp_max", "temp_min", "usual"]
DATASET = {
    "partitionKeys": [{"name": "year"}],
    "columns": [{"name": name} for name in COLUMNS],
    "format": {"delimiter": ",", "header": False, "nullText": "\\N", "newline": "\n", "encoding": "utf-8"},
}


def monthly(base, weather):
    for folder in ("weather", "dataset"):
        (base / "input" / folder).mkdir(parents=True)
    (base / "input" / "weather" / "weather.csv").write_text(weather, encoding="utf-8")
    (base / "input" / "dataset" / "dataset.json").write_text(json.dumps(DATASET), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, str(HERE / "monthly.py"), "--process-date", "2021-12-01"],
        env={"PROCESSING_DIR": str(base), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    output = base / "output"
    files = {path.relative_to(output).as_posix(): path.read_text(encoding="utf-8") for path in output.rglob("*.csv")}
    return result, files


def test_the_sample_gives_what_counting_by_hand_gives(tmp_path):
    # pandas を使わずに数え直した値と比べる。
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        by_month = defaultdict(list)
        for row in csv.DictReader(file):
            by_month[(row["date"][:4], row["location"], int(row["date"][5:7]))].append(row)
    result, files = monthly(tmp_path, SAMPLE.read_text(encoding="utf-8"))
    assert result.returncode == 0, result.stderr
    assert sorted(files) == [f"year={year}/partition.csv" for year in (2012, 2013, 2014, 2015)]
    found = {}
    for name, text in files.items():
        for row in csv.DictReader(text.splitlines(), COLUMNS):
            found[(name[5:9], row["location"], int(row["month"]))] = row
    assert found.keys() == by_month.keys()
    for month, rows in by_month.items():
        row, usual = found[month], Counter(each["weather"] for each in rows)
        assert int(row["days"]) == len(rows)
        assert float(row["precipitation"]) == round(sum(float(each["precipitation"]) for each in rows), 1)
        assert float(row["temp_max"]) == max(float(each["temp_max"]) for each in rows)
        assert float(row["temp_min"]) == min(float(each["temp_min"]) for each in rows)
        assert usual[row["usual"]] == max(usual.values())


def test_a_missing_measurement_is_null_and_a_missing_day_is_refused(tmp_path):
    result, files = monthly(tmp_path / "gap", f"{HEADER}A,2021-01-01,1.5,,,2,sun\n")
    assert result.returncode == 0, result.stderr
    assert files == {"year=2021/partition.csv": "A,1,1,1.5,\\N,\\N,sun\n"}
    result, files = monthly(tmp_path / "day", f"{HEADER}A,,1.5,1,1,2,sun\n")
    assert result.returncode != 0 and "without a day" in result.stderr and files == {}
    result, files = monthly(tmp_path / "wrong", f"{HEADER}A,2021-02-30,1.5,1,1,2,sun\n")
    assert result.returncode != 0 and "not readable" in result.stderr and files == {}
    result, files = monthly(tmp_path / "place", f"{HEADER},2021-02-03,1.5,1,1,2,sun\n")
    assert result.returncode != 0 and "have no place" in result.stderr and files == {}
