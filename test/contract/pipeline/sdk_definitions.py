"""Pipelines that only the validator is asked about: whatever the SDK emits for these steps must be accepted."""

from unittest import mock

from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.emr_step import EMRStep, EMRStepConfig
from sdk_jobs import JOBS, step
from sdk_pipelines import *  # noqa: F403


def function(arn=FUNCTION):
    return Lambda(function_arn=arn, session=session)


def returned(name, kind="String"):
    return LambdaOutput(output_name=name, output_type=getattr(LambdaOutputTypeEnum, kind))


def lambda_values():
    name = ParameterString("Name", default_value="")
    nested = {"list": ["x", 1, True, name], "deep": {"k": {"j": name, "n": 1.5}}, "text": Join("/", [name, 1, True])}
    first = LambdaStep(
        "first", function(FUNCTION + ":prod"), inputs=nested, outputs=[returned("n", "Integer"), returned("ok", "Boolean")]
    )
    values = first.properties.Outputs
    count = step("count_step", script_processor(instance_count=values["n"]), arguments=[values["n"].to_string()])
    stop = FailStep("stop", error_message=Join("", ["rows ", values["n"]]))
    checks = [ConditionGreaterThan(values["n"], 0), ConditionEquals(values["ok"], True)]
    return definition([first, count, ConditionStep("check", conditions=checks, else_steps=[stop])], [name])


def values_of_a_job():
    first = step(
        "first", script_processor(env={"K": "v"}), inputs=[source()], outputs=[result("out", BUCKET + "/o")]
    )
    job = first.properties
    processor = script_processor(
        image_uri=job.AppSpecification.ImageUri,
        instance_type=job.ProcessingResources.ClusterConfig.InstanceType,
        instance_count=job.ProcessingResources.ClusterConfig.InstanceCount,
        env={"K": job.Environment["K"]},
    )
    texts = [
        job.ProcessingJobName,
        job.ProcessingJobArn,
        job.RoleArn,
        job.ProcessingJobStatus,
        job.ExitMessage,
        job.ProcessingOutputConfig.Outputs["out"].S3Output.LocalPath,
        job.ProcessingOutputConfig.Outputs[0].OutputName,
        job.AppSpecification.ContainerEntrypoint[0],
        job.ProcessingInputs[0].InputName,
    ]
    read = source("raw", job.ProcessingInputs["raw"].S3Input.S3Uri)
    return definition([first, step("second", processor, inputs=[read], arguments=texts)])


def nested_conditions():
    n = ParameterInteger("N", default_value=1)
    run = step("run_step")
    inmost = ConditionStep("inmost", conditions=[ConditionEquals(left=1, right=n)], if_steps=[run])
    stop = FailStep("stop", error_message=n.to_string())
    inner = ConditionStep("inner", conditions=[ConditionIn(n, [1, 2])], if_steps=[inmost], else_steps=[stop])
    some = ConditionOr([ConditionNot(ConditionOr([ConditionEquals(n, 1)])), ConditionLessThan(n, 3)])
    outer = ConditionStep("outer", conditions=[some], if_steps=[inner], else_steps=[])
    after = [step("after_all", on=dict(depends_on=[outer])), step("after_run", on=dict(depends_on=["run_step"]))]
    return definition([outer, *after], [n])


def values_of_files():
    files = [PropertyFile("one", "out", "a/b.json"), PropertyFile("two", "out", "c.json")]
    write = step("write_step", on=dict(property_files=files), outputs=[result("out", BUCKET + "/o")])
    value = JsonGet(step_name="write_step", property_file="two", json_path="x[0].y")
    stop = FailStep("stop", error_message=Join(" ", ["got", value]))
    check = ConditionStep("check", conditions=[ConditionLessThanOrEqualTo(left=value, right=6.0)], if_steps=[stop])
    read = step("read_step", script_processor(instance_type=value), arguments=["--x", value])
    place = Join("/", [write.properties.ProcessingOutputConfig.Outputs["out"].S3Output.S3Uri, "a.json"])
    call = LambdaStep("call", function(), inputs={"x": JsonGet(s3_uri=place, json_path="p")})
    return definition([write, check, read, call])


def caches_and_retries():
    day = ParameterString("ProcessDate")
    mode = ParameterString("UpdateMode", default_value="full")
    kept = dict(cache_config=CacheConfig(enable_caching=True, expire_after="30d"))
    retries = [
        SageMakerJobStepRetryPolicy(
            failure_reason_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR],
            expire_after_mins=14400,
            interval_seconds=43200,
            backoff_rate=0.5,
        ),
        StepRetryPolicy(exception_types=[StepExceptionTypeEnum.THROTTLING], max_attempts=20, interval_seconds=0),
    ]

    def to(*folders):
        return [result("out", Join("/", [BUCKET, *folders]))]

    steps = [
        step("in_env", script_processor(env={"DAY": day}), kept, outputs=to("d", Join("=", ["day", day]))),
        step("in_input", None, kept, inputs=[source("raw", Join("/", [BUCKET, day]))], outputs=to(day)),
        step("own_folder", None, kept, outputs=to(ExecutionVariables.PIPELINE_EXECUTION_ID)),
        step("no_day", None, kept, outputs=to(mode)),
        step("off", None, dict(cache_config=CacheConfig(), retry_policies=retries), outputs=to(day)),
    ]
    return definition(steps, [day, mode])


def defaults_and_names():
    given = [
        ParameterString("Empty", default_value=""),
        ParameterString("B-c_d", default_value="日本", enum_values=["日本", "東京"]),
        ParameterInteger("Negative", default_value=-5),
        ParameterFloat("Whole", default_value=1.0),
        ParameterFloat("Open"),
        ParameterBoolean("True", default_value=True),
    ]
    experiment = PipelineExperimentConfig(Join("-", [given[0], "x"]), ExecutionVariables.START_DATETIME)
    long = FailStep("x" * 64, error_message="y" * 3072, display_name="d" * 256, description="e" * 3072)
    prose = FailStep("-_-", error_message="password: ask the owner, token: see the manual")
    return definition([long, prose], given, pipeline_experiment_config=experiment)


def other_steps():
    call = CallbackStep(
        "callback",
        sqs_queue_url="https://sqs.ap-northeast-1.amazonaws.com/123456789012/q",
        inputs={"a": "b"},
        outputs=[CallbackOutput(output_name="out", output_type=CallbackOutputTypeEnum.String)],
    )
    config = EMRStepConfig(jar="command-runner.jar", args=["spark-submit", "x"])
    emr = EMRStep("emr", "EMR", "On a cluster", "j-1", config, cache_config=CacheConfig(True, "P1D"))
    last = step("last_step", on=dict(depends_on=[emr]), arguments=[call.properties.Outputs["out"]])
    return definition([call, emr, last])


FLOWS = [
    lambda_values,
    values_of_a_job,
    nested_conditions,
    values_of_files,
    caches_and_retries,
    defaults_and_names,
    other_steps,
]


def definitions():
    """Name → JSON. The bucket is not looked for; nothing is uploaded."""
    with mock.patch.object(session, "default_bucket", return_value="demo-data"), mock.patch.object(
        S3Uploader, "upload_string_as_file_body"
    ):
        return {make.__name__: make() for make in JOBS + FLOWS}
