"""Writes a table into the partition folders of a dataset, as dataset.json declares them, or not at all.

    from write_partitions import write_partitions

    written = write_partitions(table)
    print(f"{written.rows} rows in {len(written.files)} partitions")

A script needs none of this to make a partition: pandas and os.path do. It is for many partitions, for input that is
larger than memory, and where every cell is to be checked before a file appears. See docs/write-partitions.md.
"""

import os
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Union

from .problems import PartitionsError

__all__ = ["PartitionsError", "Written", "write_partitions"]


@dataclass(frozen=True)
class Written:
    """What was written. As many rows as the table has: counted in the files, else there is no answer."""

    rows: int
    bytes: int
    #: Rows by file, `process_date_jst=2021-12-01/partition.csv`.
    files: Mapping[str, int]


def write_partitions(
    table: Any,
    dataset: Union[str, os.PathLike, Mapping[str, Any], None] = None,
    *,
    values: Optional[Mapping[str, Any]] = None,
    output: Union[str, os.PathLike, None] = None,
    file: str = "partition.csv",
    replace: bool = False,
) -> Written:
    """Writes every row into the file of its partition, `<output>/<key=val>/…/<file>`; all files, or none.

    table: a pandas or polars DataFrame, a pyarrow Table, RecordBatch or RecordBatchReader, a DuckDB relation, or an
        iterator of these. It has the declared columns and partition keys, in any order, and no others.
    dataset: dataset.json, its path or its content. Default: the job's.
    values: of keys that are no column of the table, `{"process_date_jst": "2021-12-01"}`.
    output: the folder that becomes the table's. Default: the job's.
    file: the name of every file.
    replace: whether a file that is there already may be replaced. Default: that is an error, for a second call
        would put its rows in the place of those of the first.

    Raises PartitionsError, which lists what is wrong with the table, and leaves the output folder as it was.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "write_partitions needs pyarrow, which this image does not have; add it to image/requirements.in, renew "
            "image/requirements.txt (image/Dockerfile says how) and deploy"
        ) from error
    from .writer import write

    base = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
    rows, size, files = write(
        table,
        os.path.join(base, "input", "dataset", "dataset.json") if dataset is None else dataset,
        values or {},
        os.path.join(base, "output") if output is None else os.fspath(output),
        file,
        replace,
    )
    return Written(rows, size, files)
