"""Partition: flights of many days become one folder for each day, by as many machines as there are.

    <input>/raw/*.parquet, <input>/dataset/dataset.json
        ->  <output>/year=2001/month=01/day=31/partition.csv, and so on

Every machine of a Spark cluster has disks of its own. All of them have the whole input, so that each can read any part
of it; a day's rows are brought together in one task, and that task writes the day's file to the disk it runs on.
SageMaker Processing then mirrors the output folders of all machines to the table's location. Spark's own writer would
not do: it moves files about a shared disk at the end, and chooses their names itself.

There is no S3 in here. On a laptop PROCESSING_DIR names a folder of the same shape, and Spark runs there alone.
"""

import argparse
import contextlib
import datetime
import glob
import itertools
import json
import os
import re
import sys

from py4j.protocol import Py4JError
from pyspark import TaskContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
RAW = os.path.join(BASE, "input", "raw")
DATASET = os.path.join(BASE, "input", "dataset", "dataset.json")
OUTPUT = os.path.join(BASE, "output")

# 元データの列名 → 表の列名。
RENAMED = {"date": "flown_at"}
# 2時間より早い出発はない。元データでは日付をまたいだ計算の誤りで、-1116分などになっている。
EARLIEST = -120


def day(text: str) -> datetime.date:
    """The day written as YYYY-MM-DD; anything else is refused."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day written as YYYY-MM-DD, such as 2021-12-01") from None


def address(path: str) -> str:
    """A file as Spark is told of it."""
    # file:// を付ける: SageMaker の Spark は、何も付けないと HDFS を見る。記号はパターンとして読まれる。
    return "file://" + re.sub(r"([][{}*?\\])", r"\\\1", path)


def columns_of(spark: SparkSession, path: str) -> dict:
    """The columns of a raw file and their types; exits when it is no Parquet."""
    try:
        return dict(sorted(spark.read.parquet(address(path)).dtypes))
    except (PySparkException, Py4JError):
        sys.exit(f"raw file '{os.path.basename(path)}': cannot be read as Parquet; upload it again, or remove it")


def described(columns: dict) -> str:
    return ", ".join(f"'{name}' {kind}" for name, kind in columns.items())


def read(spark: SparkSession, columns: list) -> DataFrame:
    """The raw files with the table's column names; exits when there are none, they differ, or one lacks a column."""
    paths = sorted(glob.glob(os.path.join(glob.escape(RAW), "[!_]*.parquet")))
    if not paths:
        sys.exit(f"no *.parquet in {RAW}; put the raw files there")
    # Spark は1つのファイルの列だけを見て、ほかのファイルに無い列を黙って NULL にする。だから先に全部を比べる。
    first, *others = [(path, columns_of(spark, path)) for path in paths]
    for path, found in others:
        if found != first[1]:
            sys.exit(
                f"raw file '{os.path.basename(path)}': columns {described(found)}; '{os.path.basename(first[0])}' has "
                f"{described(first[1])}. Write all files with the same columns and types"
            )
    raw = spark.read.parquet(*map(address, paths))
    names = [RENAMED.get(name, name) for name in raw.columns]
    for name in columns:
        if names.count(name) != 1:
            what = "is there more than once" if name in names else "is not there"
            sys.exit(f"raw files: column '{name}' {what}; they have {', '.join(map(repr, raw.columns))}")
    flights = raw.withColumnsRenamed(RENAMED)
    return flights.withColumn("delay", F.when(F.col("delay") >= EARLIEST, F.col("delay")))


def text_of(column: dict, form: dict):
    """A cell as the table's SerDe reads it."""
    value = F.col(column["name"])
    # 時刻は「T」や時差のない形でないと、読み手には NULL に見える。
    timed = column["type"] == "timestamp"
    text = F.date_format(value, "yyyy-MM-dd HH:mm:ss") if timed else value.cast(column["type"]).cast("string")
    return F.coalesce(text, F.lit(form["nullText"]))


def faults(column: dict, kind: str, form: dict) -> dict:
    """What can be wrong with the cells of a column, and which cells it is; kind: the type of the raw column."""
    value = F.col(column["name"])
    if column["type"] == "string":
        unreadable = value.rlike(r'[\r\n"\x00]') | value.contains(form["delimiter"])
        return {
            "hold a delimiter, quote or line break; the table's CSV cannot carry them": unreadable,
            f"hold '{form['nullText']}', which readers take for NULL": value == form["nullText"],
        }
    if column["type"] == "timestamp":
        if kind not in ("timestamp", "timestamp_ntz"):
            sys.exit(f"column '{column['name']}': is {kind} in the raw files, not timestamp; convert it there")
        fractions = F.date_trunc("second", value) != value
        return {
            "are outside the years 1 to 9999": ~F.year(value).between(1, 9999),
            "have fractions of a second, which would be cut; round them in the script": fractions,
        }
    # 宣言の型にして戻すと、入らなかった値は元と違うものになる。
    lost = ~value.cast(column["type"]).cast(kind).eqNullSafe(value)
    return {f"are no {column['type']}: they would be rounded, cut or NULL": lost}


def check(flights: DataFrame, columns: list, form: dict) -> int:
    """Counts the rows; exits when one has no date, or a cell that the table's CSV cannot carry as it is."""
    kinds = dict(flights.dtypes)
    bad = [
        (column["name"], what, cells)
        for column in columns
        for what, cells in faults(column, kinds[column["name"]], form).items()
    ]
    rows, undated, *counts = flights.agg(
        F.count(F.lit(1)),
        F.count_if(F.col("flown_at").isNull()),
        *(F.count_if(cells) for _, _, cells in bad),
    ).first()
    if rows == 0:
        sys.exit("the raw files have no rows; an empty table would look like days without flights")
    if undated > 0:
        sys.exit(f"{undated} row(s) without a date: they belong to no partition. Drop them in the script, or mend them")
    for (name, what, _), count in zip(bad, counts):
        if count > 0:
            sys.exit(f"column '{name}': {count} cell(s) {what}")
    return rows


def writer(keys: list, header: str, form: dict):
    """The function that writes the rows of one task, and yields (folder, rows) for each file."""

    def write(rows):
        # 行はキーの順に並んでいるので、開いているファイルはいつも1つだけ。
        for values, group in itertools.groupby(rows, key=lambda row: row[:-1]):
            folder = os.path.join(OUTPUT, *(f"{key}={value}" for key, value in zip(keys, values)))
            os.makedirs(folder, exist_ok=True)
            # 途中で落ちたタスクはやり直される。同じ行を同じ名前で書き直すので、結果は変わらない。
            unfinished = os.path.join(folder, f".partition.csv.{TaskContext.get().taskAttemptId()}")
            try:
                with open(unfinished, "w", encoding=form["encoding"], newline="") as file:
                    file.write(header)
                    count = 0
                    for row in group:
                        file.write(row[-1] + form["newline"])
                        count += 1
                os.replace(unfinished, os.path.join(folder, "partition.csv"))
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.remove(unfinished)
            yield os.path.relpath(folder, OUTPUT), count

    return write


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the partition of each day that the raw files hold.")
    # パイプラインは全ステップに実行日を渡す。書くのは元データにある日なので、ここでは検証だけする。
    parser.add_argument("--process-date", type=day, nargs="+", action="extend", required=True, metavar="YYYY-MM-DD")
    parser.parse_args()

    with open(DATASET, encoding="utf-8") as file:
        dataset = json.load(file)
    columns, form = dataset["columns"], dataset["format"]
    keys = [key["name"] for key in dataset["partitionKeys"]]
    if form.get("quote") or form.get("escape"):
        sys.exit("this script writes CSV without quotes and escapes; dataset.json declares them")

    # 時差のある日時は UTC として書く。そうしないと、マシンの時間帯で日が変わる。
    spark = SparkSession.builder.appName(dataset["name"]).config("spark.sql.session.timeZone", "UTC").getOrCreate()
    flights = read(spark, [column["name"] for column in columns])
    rows = check(flights, columns, form)

    # dataset.json の日付書式は Java のもので、Spark の書式と同じ。
    folders = [F.date_format("flown_at", key["format"]).alias(key["name"]) for key in dataset["partitionKeys"]]
    line = F.concat_ws(form["delimiter"], *(text_of(column, form) for column in columns)).alias("line")
    header = form["delimiter"].join(column["name"] for column in columns) + form["newline"] if form["header"] else ""
    # ここが要点: 1日分の行を1つのタスクに集め、そのタスクが key=val のフォルダへ書く。行の順も実行のたびに同じにする。
    days = flights.select(*folders, line).repartition(*keys).sortWithinPartitions(*keys, "line")
    written = sorted(days.rdd.mapPartitions(writer(keys, header, form)).collect())

    total = sum(count for _, count in written)
    if total != rows or len({folder for folder, _ in written}) != len(written):
        sys.exit(f"{rows} rows were read and {total} written to {len(written)} files; nothing of it can be trusted")
    print(f"{rows} rows in = {total} rows out, {len(written)} partitions: {written[0][0]} to {written[-1][0]}")
    spark.stop()


if __name__ == "__main__":
    main()
