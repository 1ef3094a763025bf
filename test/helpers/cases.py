"""Writes the tables of some cases: JSON lines in, JSON lines out. The referee is writePartitions.test.ts."""

import json
import os
import sys
import tempfile

import pyarrow as pa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "helpers"))
from write_partitions import PartitionsError, write_partitions  # noqa: E402


def written(case: dict) -> dict:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in case["cells"].items()})
    with tempfile.TemporaryDirectory() as output:
        try:
            answer = write_partitions(table, case["dataset"], output=output)
        except PartitionsError as error:
            return {"refused": str(error), "left": os.listdir(output)}
        files = {}
        for folder, _, names in os.walk(output):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", newline="") as file:
                    files[os.path.relpath(path, output)] = file.read()
        return {"files": files, "rows": answer.rows, "told": dict(answer.files)}


for line in sys.stdin:
    print(json.dumps(written(json.loads(line))))
