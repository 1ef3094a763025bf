"""The helper on real tables of every library, and with the faults of real ones."""

import datetime
import decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tables import ROWS, WRITTEN, column, dataset, refused, tree
from write_partitions import batches, write_partitions


def as_pandas():
    # Dates before 1677 are no datetime64[ns]; object columns are what they come as.
    return ROWS.to_pandas(date_as_object=True, timestamp_as_object=True)


KINDS = {
    "pyarrow Table": lambda: ROWS,
    "pyarrow RecordBatch": lambda: ROWS.to_batches()[0],
    "RecordBatchReader": lambda: ROWS.to_reader(max_chunksize=1),
    "pandas": as_pandas,
    "pandas with Arrow types": lambda: ROWS.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas with nullable types": lambda: as_pandas().astype({"id": "Int64", "paid": "boolean"}),
    "pandas categories": lambda: as_pandas().astype({"day": "category", "name": "category"}),
    "polars": lambda: pl.from_arrow(ROWS),
    "polars categories": lambda: pl.from_arrow(ROWS).with_columns(pl.col("day", "name").cast(pl.Categorical)),
    "polars enumerations": lambda: pl.from_arrow(ROWS).with_columns(
        pl.col("day").cast(pl.Enum(["2021-12-02", "2021-12-01"]))
    ),
    "polars slices": lambda: pl.from_arrow(ROWS).iter_slices(2),
    "DuckDB relation": lambda: duckdb.from_arrow(ROWS),
    "iterator of pandas": lambda: (as_pandas().iloc[i : i + 1] for i in range(3)),
    "iterator of batches": lambda: iter(ROWS.to_batches(max_chunksize=2)),
    "dates as keys": lambda: ROWS.set_column(1, "day", ROWS["day"].cast(pa.date32())),
    "midnights as keys and dates": lambda: ROWS.set_column(1, "day", ROWS["day"].cast(pa.timestamp("ns"))).set_column(
        5, "sold", ROWS["sold"].cast(pa.timestamp("s"))
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_gives_the_same_bytes(tmp_path, kind):
    written = write_partitions(KINDS[kind](), dataset(), output=tmp_path)
    assert tree(tmp_path) == WRITTEN
    assert written.rows == 3
    assert written.files == {"day=2021-12-01/partition.csv": 2, "day=2021-12-02/partition.csv": 1}
    assert written.bytes == sum(map(len, WRITTEN.values()))


def test_whole_numbers_reach_both_ends_of_their_type(tmp_path):
    ends = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
    table = pa.table({name: pa.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]) for name, bits in ends.items()})
    write_partitions(table, dataset([], {name: name for name in ends}), output=tmp_path)
    assert tree(tmp_path)["partition.csv"].decode() == "".join(
        ",".join(str(cell) for cell in row) + "\n" for row in zip(*table.to_pydict().values())
    )
    for name, bits in ends.items():
        for beyond in (2 ** (bits - 1), -(2 ** (bits - 1)) - 1):
            if -(2**63) <= beyond < 2**64:
                cells = pa.array([beyond], pa.uint64() if beyond == 2**63 else pa.int64())
                refused(tmp_path, pa.table({name: cells}), [f"{beyond} is too"], dataset([], {name: name}))


@pytest.mark.parametrize("name, values, kind, parts", [
    ("id", [1, 2**63], pa.uint64(), ["column 'id' (bigint), row 2: 9223372036854775808", "too large for bigint"]),
    ("id", [1.0, 1.5], None, ["row 2: 1.5", "no whole number"]),
    ("id", [2.0**53 + 2], None, ["no whole number that a floating one holds"]),
    ("id", [decimal.Decimal("1.5")], None, ["no whole number that fits bigint"]),
    ("id", [decimal.Decimal(2**70)], None, ["no whole number that fits bigint"]),
    ("id", ["1", "9223372036854775808"], None, ["row 2: '9223372036854775808'", "is no bigint"]),
    ("id", ["1", "x", "1e5"], None, ["row 2: 'x'", "(2 such cells)"]),
    ("price", [float("nan")], None, ["nan is no finite double"]),
    ("price", [1.0, float("-inf")], None, ["row 2: -inf is no finite double"]),
    ("price", [2**53 + 1], None, ["too large for double"]),
    ("price", ["1e999"], None, ["double"]),
    ("price", ["1.5", "-9007199254740993"], None, ["row 2: '-9007199254740993'", "beyond 2^53"]),
    ("price", ["123456789012345678901234567890.5"], None, ["beyond 2^53"]),
    ("price", [decimal.Decimal("9007199254740993")], None, ["beyond 2^53"]),
    ("price", ["0.0", "1e-400"], None, ["row 2: '1e-400'", "would make 0"]),
    ("name", ["a,b"], None, ["holds the delimiter ','"]),
    ("name", ["a\nb", "a\rb"], None, ["row 1: 'a\\nb' holds a line break", "(2 such cells)"]),
    ("name", ["a\0b"], None, ["NUL"]),
    ("name", ["\\N"], None, ["read as null"]),
    ("name", ['"quoted"'], None, ["begins with a double quote"]),
    ("sold", ["2021-02-30", "2021-2-3"], None, ["row 1: '2021-02-30' is no date", "(2 such cells)"]),
    ("sold", [datetime.datetime(2021, 1, 1, 9)], None, ["time of day"]),
    ("sold", [0, 2_932_897], pa.date32(), ["row 2: ", "outside the years 0001 to 9999"]),
    ("at", [253_402_300_800], pa.timestamp("s"), ["outside the years 0001 to 9999"]),
    ("name", [-62_135_596_801], pa.timestamp("s"), ["outside the years 0001 to 9999"]),
    ("at", ["2021-01-01T00:00:00"], None, ["is no timestamp"]),
    ("at", [datetime.datetime(2021, 1, 1)], pa.timestamp("ns", "Asia/Tokyo"), ["time zone (Asia/Tokyo)"]),
    ("paid", [1], None, ["of type int64, which does not become boolean"]),
    ("paid", ["t"], None, ["is no boolean"]),
    ("name", [["a"]], None, ["which does not become string"]),
    ("name", [b"a"], None, ["of type binary"]),
    ("day", ["2021-02-29"], None, ["partition key 'day', row 1: '2021-02-29' is no date written as yyyy-MM-dd"]),
    ("day", [None], pa.string(), ["partition key 'day', row 1: None is no value"]),
    ("day", ["2021-12-01", ""], None, ["row 2: '' is empty"]),
    ("day", ["2021-12-01 "], None, ["partition key 'day'"]),
    ("day", [datetime.datetime(2021, 1, 1)], pa.timestamp("us", "UTC"), ["is a datetime", "Asia/Tokyo"]),
    ("day", [20211201], None, ["is a int"]),
    ("day", [1], pa.timestamp("ns"), ["00:00:00.000000001 is a Moment, the key is date"]),
    ("day", [2_932_897], pa.date32(), ["is a Moment, the key is date"]),
])
def test_a_cell_that_readers_would_take_for_something_else_is_named(tmp_path, name, values, kind, parts):
    refused(tmp_path, column(name, *values, kind=kind), parts)


@pytest.mark.parametrize("cell, kind, part", [
    (16_777_217, pa.int64(), "too large for float"),
    (16_777_217, pa.float64(), "0 or another whole number of it"),
    ("16777217", pa.string(), "beyond 2^24"),
    (decimal.Decimal("16777217"), pa.decimal128(10, 0), "beyond 2^24"),
    (decimal.Decimal(10) ** 50, pa.decimal256(60, 0), "no finite float"),
    (1e-50, pa.float64(), "0 or another whole number of it"),
    ("1e-50", pa.string(), "0 or another whole number of it"),
])
def test_a_number_that_a_float_would_make_another_is_named(tmp_path, cell, kind, part):
    data = dataset([], {"a": "float"})
    refused(tmp_path, pa.table({"a": pa.array([cell], kind)}), [part], data)


def test_a_float_takes_what_it_holds_and_what_every_float_rounds(tmp_path):
    cells = [16_777_216.0, 0.0, 0.1, 1e20, None]
    write_partitions(pa.table({"a": pa.array(cells, pa.float64())}), dataset([], {"a": "float"}), output=tmp_path)
    read = tree(tmp_path)["partition.csv"].decode().split()
    assert [None if text == "\\N" else float(text) for text in read] == cells


def test_all_faults_are_told_at_once_and_nothing_is_written(tmp_path):
    table = column("name", "a,b", "c").set_column(1, "day", pa.array(["2021-12-01", "1st"]))
    table = table.set_column(3, "id", pa.array([0.5, 1]))
    text = refused(tmp_path, table, ["row 1: 'a,b'", "row 2: '1st'", "row 1: 0.5"])
    assert len(text.splitlines()) == 4


def test_rows_are_counted_over_all_batches(tmp_path):
    parts = [column("name", "fine"), column("name", "fine"), column("name", "a,b")]
    refused(tmp_path, (part.to_batches()[0] for part in parts), ["row 3: 'a,b'"])


@pytest.mark.parametrize("table, parts", [
    (ROWS.drop(["name"]), ["column 'name' is declared and not there"]),
    (ROWS.append_column("extra", ROWS["id"]), ["column 'extra' is not declared"]),
    (ROWS.append_column("id", ROWS["id"]), ["column 'id' is there more than once"]),
    (pd.concat([as_pandas(), as_pandas()[["id"]]], axis=1), ["column 'id' is there more than once"]),
    (ROWS.slice(0, 0), ["has no rows"]),
    (iter([]), ["has no rows"]),
    (pd.DataFrame({name: [] for name in ROWS.schema.names}), ["has no rows"]),
])
def test_a_table_of_another_shape_is_refused(tmp_path, table, parts):
    refused(tmp_path, table, parts)


def test_cells_of_several_types_are_named(tmp_path):
    frame = as_pandas().assign(name=["a", 1, "b"], id=[1, 2**70, 3])
    refused(tmp_path, frame, ["column 'name', row 2: 1 is no value of one type", "column 'id', row 2"])
    # What is missing has no type: it is no fault.
    frame = as_pandas().assign(name=["a", None, 1], id=[None, 1, "x"])
    text = refused(tmp_path, frame, ["column 'name', row 3: 1 is no", "column 'id', row 3: 'x' is no"])
    assert "such cells" not in text


def test_a_lone_surrogate_is_named(tmp_path):
    refused(tmp_path, as_pandas().assign(name=["a", "\ud800", "b"]), ["column 'name', row 2"])


@pytest.mark.parametrize("table", [{"a": 1}, [{"a": 1}], "t", None, pl.Series(["a"]), pd.Series(["a"])])
def test_what_is_no_table_is_a_type_error(tmp_path, table):
    with pytest.raises(TypeError, match="table must be"):
        write_partitions(table, dataset(), output=tmp_path)
