"""The SageMaker Python SDK's JSON for a set of pipelines, and what its tables and botocore's model say, as one JSON object.

Nothing here reaches a network: roles, images and scripts are given by ARN and URI, the region and the bucket by hand,
and the one upload (the Spark configuration) is left out. sdk.test.ts builds the same pipelines and compares.
"""

import functools
import hashlib
import json
import logging
import os
import sys
import warnings
from unittest import mock

os.environ["AWS_EC2_METADATA_DISABLED"] = os.environ["DISABLE_JUMPSTART_LOGGING"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["SAGEMAKER_ADMIN_CONFIG_OVERRIDE"] = os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = os.devnull
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

import boto3  # noqa: E402
import botocore.loaders  # noqa: E402
from sagemaker import image_uris, utils  # noqa: E402
from sagemaker.lambda_helper import Lambda  # noqa: E402
from sagemaker.network import NetworkConfig  # noqa: E402
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor, ScriptProcessor  # noqa: E402
from sagemaker.s3 import S3Uploader  # noqa: E402
from sagemaker.sklearn.processing import SKLearnProcessor  # noqa: E402
from sagemaker.spark.processing import PySparkProcessor  # noqa: E402
from sagemaker.workflow.condition_step import ConditionStep  # noqa: E402
from sagemaker.workflow.conditions import (  # noqa: E402
    ConditionEquals,
    ConditionGreaterThan,
    ConditionGreaterThanOrEqualTo,
    ConditionIn,
    ConditionLessThan,
    ConditionLessThanOrEqualTo,
    ConditionNot,
    ConditionOr,
)
from sagemaker.workflow.execution_variables import ExecutionVariables  # noqa: E402
from sagemaker.workflow.fail_step import FailStep  # noqa: E402
from sagemaker.workflow.functions import Join, JsonGet  # noqa: E402
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep  # noqa: E402
from sagemaker.workflow.parameters import (  # noqa: E402
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.workflow.pipeline import Pipeline  # noqa: E402
from sagemaker.workflow.pipeline_context import PipelineSession  # noqa: E402
from sagemaker.workflow.pipeline_definition_config import PipelineDefinitionConfig  # noqa: E402
from sagemaker.workflow.pipeline_experiment_config import PipelineExperimentConfig  # noqa: E402
from sagemaker.workflow.properties import PropertyFile  # noqa: E402
from sagemaker.workflow.retry import (  # noqa: E402
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, StepTypeEnum  # noqa: E402

REGION = "ap-northeast-1"
ROLE = "arn:aws:iam::123456789012:role/demo-dev/demo-dev-features-job"
IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/demo-dev-processing@sha256:" + "0" * 64
KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555"
FUNCTION = "arn:aws:lambda:ap-northeast-1:123456789012:function:demo-dev-day"
BUCKET = "s3://demo-data/features"

session = PipelineSession(
    boto_session=boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name=REGION),
    default_bucket="demo-data",
)


def script_processor(**options):
    machines = dict(
        role=ROLE, image_uri=IMAGE, command=["python3"], instance_type="ml.m5.large", instance_count=1
    )
    return ScriptProcessor(**{**machines, **options}, sagemaker_session=session)


def definition(steps, parameters=(), **options):
    pipeline = Pipeline(name="demo", parameters=list(parameters), steps=steps, sagemaker_session=session, **options)
    return json.loads(pipeline.definition())


def source(name="raw", at=BUCKET + "/raw"):
    return ProcessingInput(input_name=name, source=at, destination="/opt/ml/processing/input/" + name)


def result(name, to):
    return ProcessingOutput(
        output_name=name, source="/opt/ml/processing/output", destination=to, s3_upload_mode="EndOfJob"
    )


def smallest():
    step = ProcessingStep("only_step", step_args=script_processor().run(code=BUCKET + "/code/run.py"))
    return definition([step])


def two_scripts():
    """The shape of the example dataset: the second script reads what the first wrote."""
    extract = ProcessingStep(
        "extract_step",
        step_args=script_processor().run(
            code=BUCKET + "/code/extract.py",
            inputs=[source()],
            outputs=[
                result("extract", Join("/", [BUCKET + "/work", ExecutionVariables.PIPELINE_EXECUTION_ID, "extract"]))
            ],
            arguments=["--process-date", "2021-12-01"],
        ),
    )
    extracted = extract.properties.ProcessingOutputConfig.Outputs["extract"].S3Output.S3Uri
    transform = ProcessingStep(
        "transform_step",
        step_args=script_processor().run(
            code=BUCKET + "/code/transform.py",
            inputs=[source("extract", extracted), source("dataset", BUCKET + "/code/dataset.json")],
            outputs=[result("transform", BUCKET + "/output")],
        ),
    )
    return definition([extract, transform])


def every_processor_option():
    processor = script_processor(
        command=["python3", "-u"],
        instance_count=2,
        volume_size_in_gb=100,
        volume_kms_key=KEY,
        output_kms_key=KEY,
        max_runtime_in_seconds=3600,
        env={"TZ": "Asia/Tokyo", "STAGE": "dev"},
        tags=[{"Key": "owner", "Value": "data"}, {"Key": "cost", "Value": "42"}],
        network_config=NetworkConfig(
            enable_network_isolation=True,
            encrypt_inter_container_traffic=True,
            subnets=["subnet-11111111", "subnet-22222222"],
            security_group_ids=["sg-11111111"],
        ),
    )
    step = ProcessingStep(
        "full_step",
        step_args=processor.run(code=BUCKET + "/code/run.py", outputs=[result("full", BUCKET + "/output")]),
        display_name="Full step",
        description="Everything a processor takes",
    )
    return definition([step])


def partial_network():
    def step(name, **network):
        processor = script_processor(network_config=NetworkConfig(**network))
        return ProcessingStep(name, step_args=processor.run(code=BUCKET + "/code/run.py"))

    return definition(
        [
            step("isolated", enable_network_isolation=True),
            step("private", subnets=["subnet-11111111"], security_group_ids=["sg-11111111"]),
            step("open", encrypt_inter_container_traffic=False),
            step("empty"),
        ]
    )


def parameters():
    date = ParameterString("ProcessDate", default_value="")
    bucket = ParameterString("Bucket", default_value="demo-data", enum_values=["demo-data", "other-data"])
    image = ParameterString("Image")
    count = ParameterInteger("Count", default_value=1)
    volume = ParameterInteger("Volume", default_value=0)
    rate = ParameterFloat("Rate", default_value=0.5)
    full = ParameterBoolean("Full", default_value=False)
    processor = script_processor(
        image_uri=image,
        instance_count=count,
        volume_size_in_gb=volume,
        max_runtime_in_seconds=ParameterInteger("Runtime"),
        env={"DAY": date},
    )
    step = ProcessingStep(
        "parameter_step",
        step_args=processor.run(
            code=BUCKET + "/code/run.py",
            inputs=[source("raw", Join("/", ["s3:/", bucket, "raw"]))],
            outputs=[result("out", Join("/", ["s3:/", bucket, Join("-", ["output", date])]))],
            arguments=["--day", date, "--rate", rate.to_string(), "--full", full.to_string()],
        ),
    )
    return definition([step], [date, bucket, image, count, volume, ParameterInteger("Runtime"), rate, full])


def execution_variables():
    names = ["START_DATETIME", "CURRENT_DATETIME", "PIPELINE_NAME", "PIPELINE_ARN"]
    names += ["PIPELINE_EXECUTION_ID", "PIPELINE_EXECUTION_ARN"]
    step = LambdaStep(
        "variables_step",
        lambda_func=Lambda(function_arn=FUNCTION, session=session),
        inputs={name: getattr(ExecutionVariables, name) for name in names},
    )
    return definition([step])


def lambdas():
    function = Lambda(function_arn=FUNCTION, session=session)
    kinds = [
        ("day", LambdaOutputTypeEnum.String),
        ("rows", LambdaOutputTypeEnum.Integer),
        ("share", LambdaOutputTypeEnum.Float),
        ("done", LambdaOutputTypeEnum.Boolean),
    ]
    date = ParameterString("ProcessDate", default_value="")
    day = LambdaStep(
        "day_step",
        lambda_func=function,
        inputs={"date": date, "offset": -1, "strict": True, "share": 0.5, "name": "features"},
        outputs=[LambdaOutput(output_name=name, output_type=kind) for name, kind in kinds],
        cache_config=CacheConfig(enable_caching=True, expire_after="PT1H"),
        display_name="Day",
        description="Turns the start into key values",
    )
    extract = ProcessingStep(
        "extract_step",
        step_args=script_processor().run(
            code=BUCKET + "/code/extract.py",
            outputs=[result("extract", BUCKET + "/output")],
            arguments=["--process-date", day.properties.Outputs["day"]],
        ),
    )
    register = LambdaStep(
        "register_step",
        lambda_func=function,
        inputs={
            "location": extract.properties.ProcessingOutputConfig.Outputs["extract"].S3Output.S3Uri,
            "day": Join("=", ["process_date_jst", day.properties.Outputs["day"]]),
        },
        depends_on=[extract, "day_step"],
    )
    return definition([day, extract, register], [date])


def retries_and_cache():
    step = ProcessingStep(
        "patient_step",
        step_args=script_processor().run(code=BUCKET + "/code/run.py"),
        cache_config=CacheConfig(enable_caching=True, expire_after="P1D"),
        retry_policies=[
            StepRetryPolicy(
                exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
                max_attempts=10,
            ),
            SageMakerJobStepRetryPolicy(
                exception_types=[SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT],
                failure_reason_types=[
                    SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
                    SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
                ],
                backoff_rate=1.5,
                interval_seconds=60,
                expire_after_mins=120,
            ),
            StepRetryPolicy(exception_types=[StepExceptionTypeEnum.THROTTLING]),
        ],
    )
    return definition([step])


def job_prefix():
    step = ProcessingStep(
        "named_step",
        step_args=script_processor(base_job_name="demo-dev-features").run(code=BUCKET + "/code/run.py"),
    )
    return definition([step], pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True))


def features():
    """The pipeline of the example dataset, written by hand as its authors would with the SDK alone."""
    document = json.dumps(
        {
            "name": "features",
            "partitionKeys": [
                {
                    "kind": "date",
                    "type": "string",
                    "format": "yyyy-MM-dd",
                    "timeZone": "Asia/Tokyo",
                    "name": "process_date_jst",
                }
            ],
            "columns": [{"name": name, "type": "string"} for name in ("feature1", "feature2", "y")],
            "format": {
                "kind": "csv",
                "delimiter": ",",
                "header": False,
                "nullText": "\\N",
                "newline": "\n",
                "encoding": "utf-8",
            },
        },
        separators=(",", ":"),
    )
    process_date = ParameterString("ProcessDate", default_value="auto")
    scheduled_time = ParameterString("ScheduledTime", default_value="auto")
    day_offset = ParameterString("DayOffset", default_value="0")
    function = Lambda(function_arn=FUNCTION, session=session)
    day = LambdaStep(
        "day_step",
        lambda_func=function,
        inputs={
            "dataset": document,
            "processDate": process_date,
            "scheduledTime": scheduled_time,
            "dayOffset": day_offset,
            "startedAt": ExecutionVariables.START_DATETIME,
        },
        outputs=[
            LambdaOutput(output_name=name, output_type=LambdaOutputTypeEnum.String)
            for name in ("process_date", "value_process_date_jst")
        ],
    )
    processor = script_processor(
        instance_type="ml.t3.medium",
        volume_size_in_gb=30,
        volume_kms_key=KEY,
        output_kms_key=KEY,
        max_runtime_in_seconds=3600,
        network_config=NetworkConfig(enable_network_isolation=True),
        tags=[{"Key": "dataset", "Value": "features"}],
        base_job_name="partitions-dev-features",
    )
    work = Join("/", [BUCKET + "/execution", ExecutionVariables.PIPELINE_EXECUTION_ID, "extract_step", "extract"])

    def step(name, script, read, written):
        arguments = processor.run(
            code=f"{BUCKET}/code/1/{script}",
            inputs=[read, source("dataset", BUCKET + "/code/1/dataset.json")],
            outputs=[written],
            arguments=["--process-date", day.properties.Outputs["process_date"]],
        )
        return ProcessingStep(name, step_args=arguments)

    extract = step("extract_step", "extract.py", source("raw", BUCKET + "/raw/"), result("extract", work))
    extracted = extract.properties.ProcessingOutputConfig.Outputs["extract"].S3Output.S3Uri
    to_table = result("transform", BUCKET + "/output/")
    transform = step("transform_step", "transform.py", source("extract", extracted), to_table)
    files = [["dataset.json", "1"], ["extract.py", "1"], ["transform.py", "1"]]
    lineage = json.dumps([document, files], separators=(",", ":"), ensure_ascii=False)
    register = LambdaStep(
        "register_step",
        lambda_func=function,
        inputs={
            "dataset": document,
            "database": "demo_dev",
            "table": "features",
            "execution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
            "definition": hashlib.sha256(lineage.encode()).hexdigest()[:16],
            "image": IMAGE,
            "startedAt": ExecutionVariables.START_DATETIME,
            "processDate": day.properties.Outputs["process_date"],
            "value_process_date_jst": day.properties.Outputs["value_process_date_jst"],
        },
        outputs=[
            LambdaOutput(output_name=name, output_type=LambdaOutputTypeEnum.Integer)
            for name in ("requested", "created", "updated", "same", "elsewhere")
        ],
        depends_on=["extract_step", "transform_step"],
    )
    return definition(
        [day, extract, transform, register],
        [process_date, scheduled_time, day_offset],
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def conditions():
    rows = ParameterInteger("Rows", default_value=0)
    stage = ParameterString("Stage", default_value="dev")
    run = ProcessingStep("run_step", step_args=script_processor().run(code=BUCKET + "/code/run.py"))
    stop = FailStep("stop_step", error_message=Join(" ", ["no rows in", ExecutionVariables.PIPELINE_NAME]))
    bare = FailStep("bare_step", display_name="Bare", description="Without a message")
    inner = ConditionStep("inner_step", conditions=[ConditionEquals(stage, "dev")], if_steps=[bare])
    first = LambdaStep("first_step", lambda_func=Lambda(function_arn=FUNCTION, session=session))
    check = ConditionStep(
        "check_step",
        conditions=[
            ConditionEquals(stage, "dev"),
            ConditionGreaterThan(rows, 0),
            ConditionGreaterThanOrEqualTo(rows, 1),
            ConditionLessThan(rows, 1000),
            ConditionLessThanOrEqualTo(left=0.5, right=rows),
            ConditionIn(stage, ["dev", "stg"]),
            ConditionNot(ConditionEquals(stage, "prod")),
            ConditionOr([ConditionEquals(rows, 1), ConditionNot(ConditionIn(rows, [2, 3]))]),
        ],
        if_steps=[run, inner],
        else_steps=[stop],
        depends_on=[first],
        display_name="Check",
        description="Runs when there are rows",
    )
    return definition([first, check], [rows, stage])


def scikit_learn():
    machines = dict(role=ROLE, instance_type="ml.m5.large", instance_count=1, sagemaker_session=session)
    old = SKLearnProcessor(framework_version="1.0-1", **machines)
    new = SKLearnProcessor(framework_version="1.4-2", command=["python3", "-v"], env={}, **machines)
    return definition(
        [
            ProcessingStep("old_step", step_args=old.run(code=BUCKET + "/code/run.py", inputs=[source()])),
            ProcessingStep("new_step", step_args=new.run(code=BUCKET + "/code/run.py")),
        ]
    )


def spark():
    machines = dict(role=ROLE, instance_type="ml.m5.xlarge", instance_count=3, sagemaker_session=session)
    library = ParameterString("Library", default_value=BUCKET + "/code/extra.jar")
    plain = PySparkProcessor(framework_version="3.3", **machines)
    full = PySparkProcessor(
        framework_version="3.5",
        py_version="py312",
        container_version="1.0",
        configuration_location=BUCKET + "/conf",
        env={"TZ": "UTC"},
        **machines,
    )
    own = PySparkProcessor(image_uri=IMAGE, **machines)
    return definition(
        [
            ProcessingStep("plain_step", step_args=plain.run(submit_app=BUCKET + "/code/job.py")),
            ProcessingStep(
                "full_step",
                step_args=full.run(
                    submit_app=BUCKET + "/code/job.py",
                    submit_py_files=[BUCKET + "/code/a.py", BUCKET + "/code/b.zip"],
                    submit_jars=[BUCKET + "/code/base.jar", library],
                    submit_files=[BUCKET + "/code/names.csv"],
                    inputs=[source()],
                    outputs=[result("rows", BUCKET + "/output")],
                    arguments=["--day", "2021-12-01"],
                    configuration=[
                        {"Classification": "spark-defaults", "Properties": {"spark.executor.memory": "2g"}}
                    ],
                    spark_event_logs_s3_uri=BUCKET + "/events",
                ),
            ),
            ProcessingStep("own_step", step_args=own.run(submit_app=BUCKET + "/code/job.py")),
        ],
        [library],
    )


def images():
    machines = dict(role=ROLE, image_uri=IMAGE, instance_type="ml.m5.large", instance_count=1)
    plain = Processor(**machines, sagemaker_session=session)
    entry = Processor(
        **machines, entrypoint=["/bin/sh", "-c"], network_config=NetworkConfig(), sagemaker_session=session
    )
    return definition(
        [
            ProcessingStep("image_step", step_args=plain.run(inputs=[source()])),
            ProcessingStep("entry_step", step_args=entry.run(arguments=["date"])),
        ]
    )


def experiment():
    step = FailStep("fail_step", error_message="x")
    return definition(
        [step],
        pipeline_experiment_config=PipelineExperimentConfig("nightly", ExecutionVariables.PIPELINE_EXECUTION_ID),
    )


def no_experiment():
    return definition([FailStep("fail_step", error_message="x")], pipeline_experiment_config=None)


def property_file():
    """Not built by us, but a definition that the validator must accept."""
    report = PropertyFile(name="report", output_name="report", path="report.json")
    write = ProcessingStep(
        "write_step",
        step_args=script_processor().run(
            code=BUCKET + "/code/run.py", outputs=[result("report", BUCKET + "/report")]
        ),
        property_files=[report],
    )
    check = ConditionStep(
        "check_step",
        conditions=[
            ConditionGreaterThan(JsonGet(step_name="write_step", property_file=report, json_path="rows"), 0)
        ],
        if_steps=[],
        else_steps=[FailStep("empty_step", error_message="no rows")],
    )
    return definition([write, check])


PIPELINES = [
    smallest,
    two_scripts,
    every_processor_option,
    partial_network,
    parameters,
    execution_variables,
    lambdas,
    retries_and_cache,
    job_prefix,
    features,
    conditions,
    scikit_learn,
    spark,
    images,
    experiment,
    no_experiment,
    property_file,
]


def prebuilt_images():
    """The URI of every image of SageMaker's own that a processor takes: [framework, version, python, region, URI].

    Without a Python: the newest build (what the processors ask for by default). With one: its container 1.0.
    """
    # The SDK reads botocore's list of endpoints again for each image: 40 seconds for all of them.
    utils._botocore_resolver = functools.lru_cache(utils._botocore_resolver)
    rows = []
    for framework, scope in (("sklearn", "training"), ("spark", "processing")):
        for version, config in image_uris.config_for_framework(framework)[scope]["versions"].items():
            for python in [None] + (config["py_versions"] if framework == "spark" else []):
                for region in config["registries"]:
                    build = dict(py_version=python, container_version="v1.0") if python else {}
                    uri = image_uris.retrieve(
                        framework, region, version=version, instance_type="ml.m5.large", **build
                    )
                    rows.append([framework, version, python, region, uri])
    return rows


def processing_job(shape="CreateProcessingJobRequest"):
    """botocore's model of a request, with the shapes in place of their names."""
    model = botocore.loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"][shape]
    nested = {key: model[key] for key in ("type", "required", "max", "pattern", "enum") if key in model}
    if model.get("min"):
        nested["min"] = model["min"]
    if shape == "ProcessingInstanceType":
        del nested["enum"]
    for key in ("member", "key", "value"):
        if key in model:
            nested[key] = processing_job(model[key]["shape"])
    if "members" in model:
        nested["members"] = {name: processing_job(member["shape"]) for name, member in model["members"].items()}
    return nested


def step_types():
    """Every type of step: of the SDK, and of what the API tells of a step that ran."""
    shapes = botocore.loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]
    told = shapes["PipelineExecutionStepMetadata"]["members"]
    jobs = [name + "Job" for name in ("Training", "Processing", "Transform", "Tuning", "AutoML")]
    named = [name[:-3] if name in jobs else name for name in told]
    return sorted({*named, *(kind.value for kind in StepTypeEnum)})


def described_job():
    """The members of a DescribeProcessingJob response: what a reference to a step may begin with."""
    shapes = botocore.loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]
    return list(shapes["DescribeProcessingJobResponse"]["members"])


if __name__ == "__main__":
    from sdk_definitions import definitions

    with mock.patch.object(S3Uploader, "upload_string_as_file_body"):
        pipelines = {pipeline.__name__: pipeline() for pipeline in PIPELINES}
    answer = {
        "pipelines": pipelines,
        "definitions": definitions(),
        "stepTypes": step_types(),
        "createPipeline": processing_job("CreatePipelineRequest"),
        "images": prebuilt_images(),
        "processingJob": processing_job(),
        "describedJob": described_job(),
    }
    json.dump(answer, sys.stdout)
