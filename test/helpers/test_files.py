"""The files that write_partitions puts in place, and what may stand in their way."""

import datetime
import json
import os

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tables import ROWS, SHARD, WRITTEN, dataset, refused, tree
from write_partitions import batches, files, write_partitions


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


@pytest.mark.parametrize("value, part", [
    (None, "is no value"),
    (pd.NaT, "is no value"),
    (["2021-12-01"], "is a list"),
    (pd.Timestamp(1), "is a Timestamp"),
    (pl.Series(["2021-12-01", "2021-12-02"]), "is a Series"),
])
def test_values_that_are_no_value_of_their_key_are_refused_once(tmp_path, value, part):
    text = refused(tmp_path, ROWS.drop(["day"]), ["values['day'] = ", part], values={"day": value})
    assert "row 1" not in text and "such cells" not in text


def test_what_stands_in_the_way_is_told_before_any_file_is_put_in_place(tmp_path):
    # ROWS is of the 1st and the 2nd: what blocks the 2nd keeps the 1st out too.
    for name, way in {
        "day=2021-12-02": "is no folder",
        "day=2021-12-02/partition.csv/x": "is a folder",
    }.items():
        output = tmp_path / way
        (output / name).parent.mkdir(parents=True)
        (output / name).write_text("in the way")
        refused(output, ROWS, [way], replace=True)
        assert [entry.name for entry in output.iterdir()] == ["day=2021-12-02"]


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_failure_while_files_are_put_in_place_brings_back_what_was_there(tmp_path, monkeypatch, failing):
    (tmp_path / "day=2021-12-02").mkdir()
    (tmp_path / "day=2021-12-02" / "partition.csv").write_text("old\n")
    moved, move = [], os.replace

    def replace(source, target):
        moved.append(target)
        if len(moved) == failing:
            raise OSError("the disk is full")
        move(source, target)

    monkeypatch.setattr(os, "replace", replace)
    if failing == 4:
        write_partitions(ROWS, dataset(), output=tmp_path, replace=True)
        assert tree(tmp_path) == WRITTEN
        return
    with pytest.raises(OSError, match="the disk is full"):
        write_partitions(ROWS, dataset(), output=tmp_path, replace=True)
    assert tree(tmp_path) == {"day=2021-12-02/partition.csv": b"old\n"}
    assert os.listdir(tmp_path) == ["day=2021-12-02"]


SKIPPED, UNPACKED = ["_a.csv", ".a.csv"], ["a.csv.gz", "a.gz", "a.snappy", "a.parquet"]
NO_NAMES = ["", "a/b.csv", "a\n.csv", "a.csv\n", "k=1.csv", "あ" * 84 + ".csv"]


@pytest.mark.parametrize("name", [*SKIPPED, *UNPACKED, *NO_NAMES])
def test_a_name_that_readers_skip_or_unpack_is_refused(tmp_path, name):
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


def test_texts_of_a_dictionary_are_cut_by_what_they_are_written_as(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "MOST_BYTES", 100_000)
    cells = pa.array(["a" * 1000, None, "b" * 1000] * 1000).dictionary_encode()
    table = pa.table({"name": cells})
    sizes = [batch.num_rows for batch in batches.batches(table, pytest.fail)]
    # 666 bytes a row at the mean, and 100,000 at most.
    assert sum(sizes) == 3000 and max(sizes) <= 150
    write_partitions(table, dataset([], {"name": "string"}), output=tmp_path)
    expected = "".join(f"{cell or chr(92) + 'N'}\n" for cell in cells.to_pylist())
    assert tree(tmp_path)["partition.csv"].decode() == expected


def test_a_failure_while_files_are_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1)

    def rows():
        yield ROWS.to_batches()[0]
        raise RuntimeError("the input ends here")

    with pytest.raises(RuntimeError, match="the input ends here"):
        write_partitions(rows(), dataset(), output=tmp_path)
    assert os.listdir(tmp_path) == []
