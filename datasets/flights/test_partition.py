"""Runs partition.py as SageMaker's Spark container does: by spark-submit, in a folder shaped like the container's."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import partition as script
import pytest
from pyspark.sql import SparkSession

HERE = Path(__file__).parent
SAMPLE = HERE / "sample" / "flights.parquet"
SCHEMA = "date timestamp_ntz, delay bigint, distance bigint, origin string, destination string"
KEYS = [("year", "yyyy"), ("month", "MM"), ("day", "dd")]
TYPES = {"flown_at": "timestamp", "delay": "int", "distance": "int", "origin": "string", "destination": "string"}
DATASET = {
    "name": "flights",
    "partitionKeys": [{"name": name, "format": form} for name, form in KEYS],
    "columns": [{"name": name, "type": kind} for name, kind in TYPES.items()],
    "format": {"delimiter": ",", "header": False, "nullText": "\\N", "newline": "\n", "encoding": "utf-8"},
}


@pytest.fixture(scope="session")
def spark():
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def partition(base):
    """Runs the script on what lies in the raw folder; gives the result, and the files by their paths."""
    (base / "input" / "dataset").mkdir(parents=True, exist_ok=True)
    (base / "input" / "dataset" / "dataset.json").write_text(json.dumps(DATASET), encoding="utf-8")
    submit = Path(sys.executable).parent / "spark-submit"
    variables = ("PATH", "JAVA_HOME", "PYSPARK_PYTHON", "SPARK_CONF_DIR", "SPARK_LOCAL_IP")
    result = subprocess.run(
        [submit, "--master", "local[2]", HERE / "partition.py", "--process-date", "2021-12-01"],
        env={"PROCESSING_DIR": str(base), **{name: os.environ[name] for name in variables if name in os.environ}},
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    output = base / "output"
    files = {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}
    return result, files


def table(spark, *rows):
    return spark.createDataFrame(list(rows), SCHEMA)


def at(text):
    return datetime.fromisoformat(text)


def test_the_sample_is_cut_into_days_and_a_second_run_writes_the_same_files(spark, tmp_path):
    files = tmp_path / "input" / "raw"
    files.mkdir(parents=True)
    (files / "flights.parquet").write_bytes(SAMPLE.read_bytes())
    result, written = partition(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "444 rows in = 444 rows out, 4 partitions: year=2001/month=01/day=31 to year=2001/month=06/day=30" in result.stdout

    expected = {}
    for row in spark.read.parquet(str(SAMPLE)).collect():
        delay = row.delay if row.delay >= -120 else "\\N"
        line = f"{row.date:%Y-%m-%d %H:%M:%S},{delay},{row.distance},{row.origin},{row.destination}\n"
        expected.setdefault(f"year={row.date:%Y}/month={row.date:%m}/day={row.date:%d}/partition.csv", []).append(line)
    # 行の順は決まっている: やり直しても同じファイルになる。
    expected = {name: "".join(sorted(lines)).encode() for name, lines in expected.items()}
    assert written == expected
    assert sum(text.count(b"\\N") for text in written.values()) == 2

    # 元データのファイルが増えた2回目。NULL は宣言どおりに書き、前からある日は変わらない。
    late = table(
        spark,
        (at("2001-01-01 00:01:02"), None, None, None, "PHL"),
        (at("2000-12-31 23:59:59"), -120, 1, "LAS", None),
    )
    late.coalesce(1).write.parquet(str(tmp_path / "late"))
    [part] = (tmp_path / "late").glob("*.parquet")
    part.rename(files / "late.parquet")
    result, written = partition(tmp_path)
    assert result.returncode == 0, result.stdout
    assert written == {
        **expected,
        "year=2000/month=12/day=31/partition.csv": b"2000-12-31 23:59:59,-120,1,LAS,\\N\n",
        "year=2001/month=01/day=01/partition.csv": b"2001-01-01 00:01:02,\\N,\\N,\\N,PHL\n",
    }


@pytest.mark.parametrize("row, what", [
    ((None, 1, 1, "LAS", "PHL"), "1 row(s) without a date"),
    ((at("2001-01-01 00:01:00"), 1, 1, "LAS", "P,L"), "column 'destination': 1 cell(s)"),
    ((at("2001-01-01 00:01:00"), 1, 1, "L\nS", "PHL"), "column 'origin': 1 cell(s)"),
    ((at("2001-01-01 00:01:00"), 1, 1, "\\N", "PHL"), "column 'origin': 1 cell(s) hold '\\N'"),
    ((at("2001-01-01 00:01:00"), 1, 2**40, "LAS", "PHL"), "column 'distance': 1 cell(s) are no int"),
    ((at("2001-01-01 00:01:00.5"), 1, 1, "LAS", "PHL"), "column 'flown_at': 1 cell(s) have fractions of a second"),
])
def test_what_no_partition_or_cell_can_carry_is_refused(spark, row, what):
    good = (at("2001-01-01 00:01:00"), 1, 1, "LAS", "PHL")
    flights = table(spark, good, row).withColumnsRenamed(script.RENAMED)
    with pytest.raises(SystemExit) as refused:
        script.check(flights, DATASET["columns"], DATASET["format"])
    assert what in refused.value.code


@pytest.mark.parametrize("kind, literal, refused", [
    ("double", "3D", None),
    ("double", "5.7D", "1 cell(s) are no int"),
    ("double", "3e9D", "1 cell(s) are no int"),
    ("double", "double('NaN')", "1 cell(s) are no int"),
    ("string", "'x'", "1 cell(s) are no int"),
])
def test_numbers_of_another_type_are_taken_when_nothing_is_lost(spark, kind, literal, refused):
    row = f"timestamp_ntz'2001-01-01' flown_at, {literal} delay, 1 distance, 'LAS' origin, 'PHL' destination"
    flights = spark.sql(f"select {row}")
    assert dict(flights.dtypes)["delay"] == kind
    if refused is None:
        assert script.check(flights, DATASET["columns"], DATASET["format"]) == 1
        [line] = flights.select(script.text_of(DATASET["columns"][1], DATASET["format"])).first()
        assert line == "3"
    else:
        with pytest.raises(SystemExit, match=re.escape(refused)):
            script.check(flights, DATASET["columns"], DATASET["format"])


@pytest.mark.parametrize("literal, refused", [
    ("'2001-01-01 10:00:00'", "column 'flown_at': is string"),
    ("date'2001-01-01'", "column 'flown_at': is date"),
    ("timestamp_seconds(253402300800)", "column 'flown_at': 1 cell(s) are outside the years 1 to 9999"),
])
def test_dates_that_name_no_folder_are_refused(spark, literal, refused):
    flights = spark.sql(f"select {literal} flown_at, 1 delay, 1 distance, 'LAS' origin, 'PHL' destination")
    with pytest.raises(SystemExit, match=re.escape(refused)):
        script.check(flights, DATASET["columns"], DATASET["format"])


@pytest.mark.parametrize("change, what", [
    (lambda rows: [rows, rows.drop("origin")], "raw file '1.parquet': columns"),
    (lambda rows: [rows, rows.withColumn("delay", rows.delay.cast("smallint"))], "raw file '1.parquet': columns"),
    (lambda rows: [rows, None], "raw file '1.parquet': cannot be read as Parquet"),
    (lambda rows: [rows.withColumn("flown_at", rows.date)], "raw files: column 'flown_at' is there more than once"),
    (lambda rows: [rows.drop("origin")], "raw files: column 'origin' is not there"),
])
def test_raw_files_that_do_not_fit_together_are_refused(spark, tmp_path, monkeypatch, change, what):
    # 記号を含むフォルダ名も、そのまま読まれる。
    raw = tmp_path / "[raw] {1}"
    raw.mkdir()
    monkeypatch.setattr(script, "RAW", str(raw))
    for name, part in enumerate(change(table(spark, (at("2001-01-01 00:01:00"), 1, 1, "LAS", "PHL")))):
        if part is None:
            (raw / f"{name}.parquet").write_bytes(b"not parquet")
            continue
        part.coalesce(1).write.parquet(str(tmp_path / f"{name}"))
        [written] = (tmp_path / f"{name}").glob("*.parquet")
        written.rename(raw / f"{name}.parquet")
    with pytest.raises(SystemExit, match=re.escape(what)):
        script.read(spark, list(TYPES))


def test_raw_files_without_rows_are_refused(spark):
    with pytest.raises(SystemExit, match="no rows"):
        script.check(table(spark).withColumnsRenamed(script.RENAMED), DATASET["columns"], DATASET["format"])
