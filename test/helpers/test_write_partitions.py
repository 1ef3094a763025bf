"""The helper on real tables of every library, and with the faults of real ones."""

import datetime
import decimal
import json
import os

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tables import ROWS, SHARD, WRITTEN, dataset, tree
from write_partitions import PartitionsError, batches, files, write_partitions


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


def refused(tmp_path, table, parts, data=None, **options):
    """Nothing is written, and the error says these things."""
    before = tree(tmp_path)
    with pytest.raises(PartitionsError) as error:
        write_partitions(table, data or dataset(), output=tmp_path, **options)
    for part in parts:
        assert part in str(error.value)
    assert tree(tmp_path) == before
    assert not [entry for entry in os.listdir(tmp_path) if entry.startswith(".")]
    return str(error.value)


def column(name, *values, kind=None):
    return ROWS.slice(0, len(values)).set_column(ROWS.schema.get_field_index(name), name, pa.array(values, kind))


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
    ("name", ["a,b"], None, ["holds the delimiter ','"]),
    ("name", ["a\nb", "a\rb"], None, ["row 1: 'a\\nb' holds a line break", "(2 such cells)"]),
    ("name", ["a\0b"], None, ["NUL"]),
    ("name", ["\\N"], None, ["read as null"]),
    ("name", ['"quoted"'], None, ["begins with a double quote"]),
    ("sold", ["2021-02-30", "2021-2-3"], None, ["row 1: '2021-02-30' is no date", "(2 such cells)"]),
    ("sold", [datetime.datetime(2021, 1, 1, 9)], None, ["time of day"]),
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
])
def test_a_cell_that_readers_would_take_for_something_else_is_named(tmp_path, name, values, kind, parts):
    refused(tmp_path, column(name, *values, kind=kind), parts)


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


def test_a_lone_surrogate_is_named(tmp_path):
    refused(tmp_path, as_pandas().assign(name=["a", "\ud800", "b"]), ["column 'name', row 2"])


@pytest.mark.parametrize("table", [{"a": 1}, [{"a": 1}], "t", None])
def test_what_is_no_table_is_a_type_error(tmp_path, table):
    with pytest.raises(TypeError, match="table must be"):
        write_partitions(table, dataset(), output=tmp_path)


def test_values_fill_the_keys_that_are_no_columns(tmp_path):
    table = ROWS.drop(["day"])
    for value in ("2021-12-01", datetime.date(2021, 12, 1)):
        write_partitions(table, dataset(), values={"day": value}, output=tmp_path / str(value.__class__))
        assert list(tree(tmp_path / str(value.__class__))) == ["day=2021-12-01/partition.csv"]
    refused(tmp_path, ROWS, ["'day' is also in values"], values={"day": "2021-12-01"})
    refused(tmp_path, table, ["values names 'date'"], values={"date": "2021-12-01"})
    refused(tmp_path, table, ["'2021-13-01' is no date"], values={"day": "2021-13-01"})


def test_a_second_call_loses_no_rows_in_silence(tmp_path):
    write_partitions(ROWS, dataset(), output=tmp_path)
    refused(tmp_path, ROWS, ["'day=2021-12-01/partition.csv' is there already"])
    write_partitions(ROWS.slice(1, 1), dataset(), output=tmp_path, replace=True)
    assert tree(tmp_path) == WRITTEN


def test_files_of_other_names_are_not_left_beside(tmp_path):
    (tmp_path / "day=2021-12-01").mkdir()
    (tmp_path / "day=2021-12-01" / "data_0.csv").write_text("old\n")
    refused(tmp_path, ROWS, ["'day=2021-12-01/data_0.csv' lies beside 'partition.csv'"], replace=True)


@pytest.mark.parametrize("name", ["_a.csv", ".a.csv", "a/b.csv", ""])
def test_a_name_that_readers_skip_is_refused(tmp_path, name):
    refused(tmp_path, ROWS, ["file"], file=name)


def test_the_job_finds_dataset_and_output_by_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("PROCESSING_DIR", str(tmp_path))
    (tmp_path / "input" / "dataset").mkdir(parents=True)
    (tmp_path / "input" / "dataset" / "dataset.json").write_text(json.dumps(dataset()), encoding="utf-8")
    write_partitions(ROWS)
    assert tree(tmp_path / "output") == WRITTEN


def test_many_rows_come_back_in_their_order_however_they_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "MOST_ROWS", 777)
    monkeypatch.setattr(files, "MOST_BYTES", 20_000)
    size = 20_000
    names = [f"n{i}" for i in range(size)]
    table = pa.table({"shard": [i * 7 % 50 for i in range(size)], "id": range(size), "name": names})
    written = write_partitions(table, dataset([SHARD], {"id": "int", "name": "string"}, header=True), output=tmp_path)
    assert written.rows == size and len(written.files) == 50
    for shard in range(50):
        lines = (tmp_path / f"shard={shard:02}" / "partition.csv").read_text().splitlines()
        assert lines == ["id,name"] + [f"{i},n{i}" for i in range(size) if i * 7 % 50 == shard]


def test_a_failure_while_files_are_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1)

    def rows():
        yield ROWS.to_batches()[0]
        raise RuntimeError("the input ends here")

    with pytest.raises(RuntimeError, match="the input ends here"):
        write_partitions(rows(), dataset(), output=tmp_path)
    assert os.listdir(tmp_path) == []
