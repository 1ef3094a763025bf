"""One contender writes the partitions of one shape; prints what it cost and what is there afterwards, as JSON.

partitions.py prepare SHAPE ROWS FILE.parquet
partitions.py CONTENDER SHAPE FILE.parquet FOLDER [FOLDER of the same bytes]
"""

import json
import os
import resource
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "helpers"))

#: Partitions, and whether the rows of each come together; `memory` is the limit that DuckDB gets.
SHAPES = {
    "few": {"partitions": 20, "sorted": False},
    "sorted": {"partitions": 5000, "sorted": True},
    "unsorted": {"partitions": 5000, "sorted": False},
    "large": {"partitions": 20, "sorted": False, "memory": "512MB"},
}
KEY = "shop"
COLUMNS = {"id": "bigint", "price": "double", "name": "string", "place": "string", "sold": "date"}
DATASET = {
    "name": "bench",
    "partitionKeys": [{"kind": "injected", "type": "string", "name": KEY}],
    "columns": [{"name": name, "type": kind, "comment": ""} for name, kind in COLUMNS.items()],
    "format": {"kind": "csv", "delimiter": ",", "header": False, "nullText": "\\N", "newline": "\n"},
}


def prepare(shape: str, rows: int, path: str) -> None:
    import duckdb

    partitions = SHAPES[shape]["partitions"]
    number = f"i * {partitions} // {rows}" if SHAPES[shape]["sorted"] else f"hash(i) % {partitions}"
    duckdb.sql(f"""copy (select i as id, (hash(i * 7) % 1000000) / 100.0 as price,
        case when i % 10 = 0 then null else 'name ' || (hash(i * 3) % 100000) end as name,
        '東京' || (i % 97) as place,
        date '2021-01-01' + cast(i % 365 as integer) as sold, 'shop-' || ({number}) as {KEY}
        from range({rows}) t(i)) to '{path}' (row_group_size 100000)""")


def ours(source: str, output: str, shape: dict):
    # As the others, imported before the clock runs; pyarrow imports pandas where it is.
    import pandas  # noqa: F401
    import pyarrow.parquet as parquet
    from write_partitions import write_partitions, writer  # noqa: F401

    # Else pyarrow reads the whole file ahead, and holds it.
    file = parquet.ParquetFile(source, pre_buffer=False)
    table = file.iter_batches(100_000) if "memory" in shape else file.read()
    return lambda: write_partitions(table, DATASET, output=output)


def duckdb(source: str, output: str, shape: dict):
    import duckdb as engine

    connection = engine.connect()
    if "memory" in shape:
        connection.execute(f"set memory_limit = '{shape['memory']}'")
        connection.execute(f"set temp_directory = '{output}.tmp'")
        rows = f"'{source}'"
    else:
        connection.execute(f"create temp table rows as from '{source}'")
        rows = "rows"
    form = "format csv, header false, nullstr '\\N', overwrite_or_ignore"
    options = f"{form}, partition_by ({KEY}), filename_pattern 'partition'"
    return lambda: connection.execute(f"copy (from {rows}) to '{output}' ({options})")


def polars(source: str, output: str, shape: dict):
    import polars as pl

    frame = pl.scan_parquet(source) if "memory" in shape else pl.read_parquet(source).lazy()
    target = pl.PartitionBy(output, key=KEY, include_key=False)
    return lambda: frame.sink_csv(target, include_header=False, null_value="\\N", mkdir=True)


def pandas(source: str, output: str, shape: dict):
    import pandas as pd

    frame = pd.read_parquet(source)

    def write() -> None:
        for value, rows in frame.groupby(KEY):
            folder = os.path.join(output, f"{KEY}={value}")
            os.makedirs(folder)
            path = os.path.join(folder, "partition.csv")
            rows[list(COLUMNS)].to_csv(path, header=False, index=False, na_rep="\\N", lineterminator="\n")

    return write


def raw(source: str, output: str, shape: dict, same: str):
    """The bytes are there already; a file at a time, so that they need not fit into memory."""

    def write() -> float:
        seconds = 0.0
        for folder, _, names in os.walk(same):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                begin = time.perf_counter()
                target = os.path.join(output, os.path.relpath(folder, same))
                os.makedirs(target, exist_ok=True)
                with open(os.path.join(target, name), "wb", buffering=0) as file:
                    file.write(data)
                seconds += time.perf_counter() - begin
        return seconds

    return write


def main() -> None:
    who, shape, *rest = sys.argv[1:]
    if who == "prepare":
        return prepare(shape, int(rest[0]), rest[1])
    source, output, *more = rest
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(os.path.dirname(output), exist_ok=True)
    work = {"ours": ours, "duckdb": duckdb, "polars": polars, "pandas": pandas, "raw": raw}[who](
        source, output, SHAPES[shape], *more
    )
    begin, cpu = time.perf_counter(), time.process_time()
    own = work()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    files = size = rows = 0
    names = set()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for folder, _, found in os.walk(output):
        for name in found:
            files, size = files + 1, size + os.path.getsize(os.path.join(folder, name))
            names.add(name)
            with open(os.path.join(folder, name), "rb") as file:
                rows += sum(block.count(b"\n") for block in iter(lambda: file.read(2**20), b""))
    answer = {"seconds": own if isinstance(own, float) else seconds, "cpuSeconds": cpu, "rssKiB": rss}
    print(json.dumps({**answer, "files": files, "bytes": size, "rows": rows, "name": min(names)}))


main()
