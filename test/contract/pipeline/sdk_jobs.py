"""Jobs that only the validator is asked about: whatever the SDK emits for a Processing step must be accepted."""

from sagemaker.dataset_definition.inputs import (
    AthenaDatasetDefinition,
    DatasetDefinition,
    RedshiftDatasetDefinition,
    S3Input,
)
from sagemaker.processing import FeatureStoreOutput
from sagemaker.spark.processing import SparkJarProcessor
from sdk_pipelines import *  # noqa: F403

CODE = BUCKET + "/code/run.py"
IO = "/opt/ml/processing/"


def step(name, processor=None, on=None, **run):
    """A Processing step; `on` holds the options of the step, the others those of the run."""
    return ProcessingStep(name, step_args=(processor or script_processor()).run(code=CODE, **run), **(on or {}))


def parameters_everywhere():
    texts = {name: ParameterString(name) for name in ("Role", "Type", "Key", "Subnet", "Group", "Entry", "Image")}
    isolated = ParameterBoolean("Isolated", default_value=True)
    numbers = {name: ParameterInteger(name, default_value=1) for name in ("Count", "Runtime", "Volume")}
    processor = Processor(
        role=texts["Role"],
        image_uri=texts["Image"],
        entrypoint=[texts["Entry"], "/run.py"],
        instance_type=texts["Type"],
        instance_count=numbers["Count"],
        volume_size_in_gb=numbers["Volume"],
        volume_kms_key=texts["Key"],
        output_kms_key=texts["Key"],
        max_runtime_in_seconds=numbers["Runtime"],
        env={"PLACE": Join("-", [texts["Subnet"], numbers["Count"], True, 1])},
        network_config=NetworkConfig(isolated, [texts["Group"]], [texts["Subnet"]], isolated),
        sagemaker_session=session,
    )
    arguments = processor.run(arguments=["--count", numbers["Count"].to_string()])
    return definition(
        [ProcessingStep("all_step", step_args=arguments)], [*texts.values(), *numbers.values(), isolated]
    )


def inputs_and_outputs():
    folder = ParameterString("Folder", default_value="x")
    packed = dict(s3_input_mode="Pipe", s3_compression_type="Gzip")
    inputs = [
        ProcessingInput(BUCKET + "/m.manifest", IO + "input/m", "m", s3_data_type="ManifestFile"),
        ProcessingInput(BUCKET + "/p", IO + "input/p", "p", **packed),
        ProcessingInput(BUCKET + "/s", IO + "input/s/", "s", s3_data_distribution_type="ShardedByS3Key"),
    ]
    outputs = [
        ProcessingOutput(source=IO + "now", destination=BUCKET, output_name="now", s3_upload_mode="Continuous"),
        ProcessingOutput(source=Join("/", [IO + "out", folder]), destination=BUCKET, output_name="joined"),
        ProcessingOutput(source=IO + "a.b/..c", destination="https://s3.amazonaws.com/demo-data/x"),
        # Without a destination the SDK joins one with the execution's id.
        ProcessingOutput(source=IO + "default", output_name="default"),
    ]
    return definition([step("files_step", inputs=inputs, outputs=outputs)], [folder])


def app_managed():
    query = AthenaDatasetDefinition(
        catalog="AwsDataCatalog",
        database="demo",
        query_string='SELECT *\nFROM "t"',
        work_group="w",
        output_s3_uri=BUCKET + "/a",
        output_format="PARQUET",
        output_compression="SNAPPY",
    )
    cluster = RedshiftDatasetDefinition(
        cluster_id="c",
        database="d",
        db_user="u",
        query_string="select 1",
        cluster_role_arn=ROLE,
        output_s3_uri=BUCKET + "/r",
        output_format="CSV",
    )
    own = S3Input(s3_uri=BUCKET, local_path=IO + "input/o", s3_data_type="S3Prefix", s3_input_mode="File")
    inputs = [
        ProcessingInput(
            input_name="athena",
            app_managed=True,
            dataset_definition=DatasetDefinition(
                data_distribution_type="FullyReplicated",
                input_mode="File",
                local_path=IO + "input/a",
                athena_dataset_definition=query,
            ),
        ),
        ProcessingInput(
            input_name="redshift",
            app_managed=True,
            dataset_definition=DatasetDefinition(
                local_path=IO + "input/r", redshift_dataset_definition=cluster
            ),
        ),
        ProcessingInput(input_name="own", app_managed=True, s3_input=own),
    ]
    outputs = [ProcessingOutput(output_name="group", app_managed=True, feature_store_output=FeatureStoreOutput(feature_group_name="g"))]
    return definition([step("managed_step", inputs=inputs, outputs=outputs)])


def spark_variants():
    dependency = ParameterString("Dependency", default_value=BUCKET + "/code/d.py")
    machines = dict(role=ROLE, instance_type="ml.m5.xlarge", instance_count=2, sagemaker_session=session)
    java = SparkJarProcessor(framework_version="3.3", max_runtime_in_seconds=1200, **machines)
    tags, network = [{"Key": "a", "Value": ""}], NetworkConfig(enable_network_isolation=True)
    python = PySparkProcessor(framework_version="3.5", volume_kms_key=KEY, tags=tags, network_config=network, **machines)
    jar = java.run(
        submit_app=BUCKET + "/code/app.jar",
        submit_class="com.example.Main",
        submit_jars=[BUCKET + "/code/l.jar"],
        configuration={"Classification": "hive-site", "Properties": {"a": "b"}},
    )
    app = python.run(
        submit_app=BUCKET + "/code/app.py",
        submit_py_files=[dependency],
        submit_files=[dependency, BUCKET + "/f"],
        spark_event_logs_s3_uri=ParameterString("Events", default_value=BUCKET + "/events"),
    )
    steps = [ProcessingStep("jar_step", step_args=jar), ProcessingStep("python_step", step_args=app)]
    return definition(steps, [dependency, ParameterString("Events", default_value=BUCKET + "/events")])


def older_interface():
    late = ParameterString("Late")
    old = ProcessingStep(
        "old_step",
        processor=script_processor(),
        code=CODE,
        inputs=[source()],
        outputs=[result("out", BUCKET + "/o")],
        job_arguments=["--late", late],
        kms_key=KEY,
        depends_on=["stop"],
    )
    return definition([old, FailStep("stop", error_message=late)], [late])


def names_near_secrets():
    environment = {
        "SECRET_ARN": "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:x",
        "DB_SECRET_NAME": "prod/db",
        "TOKENIZER": "bert",
        "PASSWORD_FILE": "/run/x",
        "MAX_TOKENS": "100",
        "BYPASS": "no",
    }
    arguments = ["--secret-name", "prod/db", "--tokenizer=bert", "--key-col", "id", "--access-key-rotation", "on"]
    return definition([step("named_step", script_processor(env=environment), arguments=arguments)])


JOBS = [
    parameters_everywhere,
    inputs_and_outputs,
    app_managed,
    spark_variants,
    older_interface,
    names_near_secrets,
]
