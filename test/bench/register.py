"""Registers partitions as others do: register.py CONTENDER PARTITIONS. The last line is JSON, for the bench."""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3

DATABASE, TABLE, LOCATION = "lake", "loaded", "s3://data/loaded/output/"
COLUMNS = ["feature1", "feature2", "y"]


def value(at):
    return f"{at:07d}"


def partition_input(at):
    return {
        "Values": [value(at)],
        "StorageDescriptor": {
            "Location": f"{LOCATION}shard={value(at)}/",
            "Columns": [{"Name": name, "Type": "string"} for name in COLUMNS],
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": ",", "serialization.format": ","},
            },
        },
    }


def awswrangler(count):
    import awswrangler as wr

    start = time.perf_counter()
    wr.catalog.add_csv_partitions(
        database=DATABASE,
        table=TABLE,
        columns_types={name: "string" for name in COLUMNS},
        partitions_values={f"{LOCATION}shard={value(at)}/": [value(at)] for at in range(count)},
    )
    return time.perf_counter() - start


def single(count):
    glue = boto3.client("glue")
    start = time.perf_counter()
    for at in range(count):
        try:
            glue.create_partition(DatabaseName=DATABASE, TableName=TABLE, PartitionInput=partition_input(at))
        except glue.exceptions.AlreadyExistsException:
            pass
    return time.perf_counter() - start


def batches(count):
    glue = boto3.client("glue")
    start = time.perf_counter()

    def create(first):
        inputs = [partition_input(at) for at in range(first, min(first + 100, count))]
        glue.batch_create_partition(DatabaseName=DATABASE, TableName=TABLE, PartitionInputList=inputs)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(0, count, 100)))
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds = {"awswrangler": awswrangler, "single": single, "batches": batches}[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({"workSeconds": seconds, "rssKiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
