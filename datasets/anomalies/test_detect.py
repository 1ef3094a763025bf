"""Runs detect.py as SageMaker does: as a process, in a folder shaped like the container's."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "features" / "sample" / "weather.csv"
HEADER = "location,date,precipitation,temp_max,temp_min,wind,weather\n"
COLUMNS = ["location", "observed_on", "precipitation", "temp_max", "temp_min", "wind", "score"]
DATASET = {
    "partitionKeys": [{"name": "process_date_jst"}],
    "columns": [{"name": name} for name in COLUMNS],
    "format": {"delimiter": ",", "header": False, "nullText": "\\N", "newline": "\n", "encoding": "utf-8"},
}


def detect(base, weather):
    for folder in ("weather", "dataset"):
        (base / "input" / folder).mkdir(parents=True, exist_ok=True)
    (base / "input" / "weather" / "weather.csv").write_text(weather, encoding="utf-8")
    (base / "input" / "dataset" / "dataset.json").write_text(json.dumps(DATASET), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(HERE / "detect.py"), "--process-date", "2021-12-01"],
        env={"PROCESSING_DIR": str(base), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def partition(base):
    return base / "output" / "process_date_jst=2021-12-01" / "partition.csv"


def test_every_row_is_an_observation_and_two_in_a_hundred_are_rare(tmp_path):
    result = detect(tmp_path, SAMPLE.read_text(encoding="utf-8"))
    assert result.returncode == 0, result.stderr
    with partition(tmp_path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, COLUMNS))
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        observed = {(row["location"], row["date"]): row for row in csv.DictReader(file)}
    for row in rows:
        source = observed[(row["location"], row["observed_on"])]
        for name in ("precipitation", "temp_max", "temp_min", "wind"):
            assert float(row[name]) == float(source[name])
    # 各地1461日の2%。
    assert 56 <= len(rows) <= 60
    first = partition(tmp_path).read_bytes()
    assert detect(tmp_path, SAMPLE.read_text(encoding="utf-8")).returncode == 0
    assert partition(tmp_path).read_bytes() == first


def test_the_one_day_that_is_unlike_the_others_is_found(tmp_path):
    usual = "".join(f"A,2021-01-{at:02},0.{at},10.{at % 7},5.{at % 5},2.{at % 3},sun\n" for at in range(1, 29))
    assert detect(tmp_path, f"{HEADER}{usual}A,2021-01-29,300,45,-30,90,snow\n").returncode == 0
    rows = partition(tmp_path).read_text(encoding="utf-8").splitlines()
    assert [row.rsplit(",", 1)[0] for row in rows] == ["A,2021-01-29,300.0,45.0,-30.0,90.0"]


def test_an_empty_or_wrong_measurement_is_refused(tmp_path):
    for name, cell, what in [("empty", "", "empty measurement"), ("word", "much", "not readable")]:
        result = detect(tmp_path / name, f"{HEADER}A,2021-01-01,{cell},1,2,3,sun\n")
        assert result.returncode != 0
        assert what in result.stderr and "Traceback" not in result.stderr
        assert not (tmp_path / name / "output").exists()


def test_a_place_that_the_csv_cannot_carry_is_refused(tmp_path):
    rows = "".join(f'"A,B",2021-01-{at:02},{at % 3},1,2,3,sun\n' for at in range(1, 29))
    result = detect(tmp_path / "place", f'{HEADER}{rows}"A,B",2021-01-29,300,45,-30,90,snow\n')
    assert result.returncode != 0 and "cannot carry" in result.stderr
    result = detect(tmp_path / "none", f"{HEADER}A,2021-01-01,0,1,2,3,sun\n")
    assert result.returncode != 0 and "none of 1 days is rare" in result.stderr
