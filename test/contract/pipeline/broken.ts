import type { Changes } from "./valid";

interface Broken {
  readonly title: string;
  /** What is changed in the valid definition. */
  readonly changes: Changes;
  /** All that must be reported: pointer and rule. */
  readonly problems: readonly (readonly [pointer: string, rule: string])[];
}

function broken(title: string, changes: Changes, ...problems: Broken["problems"][number][]): Broken {
  return { title, changes, problems };
}

const JOB = "/Steps/1/Arguments";
const APP = `${JOB}/AppSpecification`;
const CLUSTER = `${JOB}/ProcessingResources/ClusterConfig`;
const INPUT = `${JOB}/ProcessingInputs/0`;
const OUTPUTS = `${JOB}/ProcessingOutputConfig/Outputs`;
const OUTPUT = `${OUTPUTS}/0`;
const RETRY = "/Steps/1/RetryPolicies/0";
const CACHE = "/Steps/1/CacheConfig";
const CONDITIONS = "/Steps/2/Arguments/Conditions";
const STOP = "/Steps/2/Arguments/IfSteps/0";

const S3 = "the pattern (https|s3)://([^/]+)/?(.*)";
const STEP = "a step of this pipeline";
const SECRET = "no secrets in a definition";
const DAY = "with a cache, the day is an argument of the step: the cache does not look at outputs";
const SCHEMA_NAME = "letters, digits, - and _, at most 64 characters";
const PARAMETER_NAME = "letters, digits, - and _, at most 256 characters";
const BELOW = "a folder below /opt/ml/processing/";
const JOIN = "Std:Join has On and Values";
const VALUE = "a value of the step 'extract_step' (Processing)";
const DURATION = "how old a result may be, as an ISO 8601 duration";

const join = (On: string, Values: readonly unknown[]) => ({ "Std:Join": { On, Values } });
const nested = (levels: number): unknown => (levels === 0 ? [] : [nested(levels - 1)]);
const file = (name: string) => ({
  InputName: name,
  AppManaged: false,
  S3Input: { S3Uri: "s3://demo-data/x", LocalPath: `/opt/ml/processing/input/${name}`, S3DataType: "S3Prefix" },
});
const folder = (name: string) => ({
  OutputName: name,
  S3Output: { S3Uri: "s3://demo-data/x", LocalPath: `/opt/ml/processing/${name}`, S3UploadMode: "EndOfJob" },
});
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

/** One definition, at least, for each rule. */
export const BROKEN: readonly Broken[] = [
  // The frame.
  broken("another version", { "/Version": "2021-01-01" }, ["/Version", "the version is 2020-12-01"]),
  broken("a misspelt member of the definition", { "/Step": [] }, ["/Step", "Step is not a member here"]),
  broken("metadata that is no object", { "/Metadata": "x" }, ["/Metadata", "an object"]),
  broken("half an experiment", { "/PipelineExperimentConfig": { ExperimentName: "x" } }, [
    "/PipelineExperimentConfig",
    "ExperimentName and TrialName, or null",
  ]),
  broken("steps that are no list", { "/Steps": {} }, ["/Steps", "a list of steps"]),
  broken("no steps", { "/Steps": [] }, ["/Steps", "at least one step"]),
  broken("an experiment of a number", { "/PipelineExperimentConfig/TrialName": 5 }, [
    "/PipelineExperimentConfig/TrialName",
    "text or a reference",
  ]),
  broken("an experiment with more than it has", { "/PipelineExperimentConfig/Run": "x" }, [
    "/PipelineExperimentConfig",
    "ExperimentName and TrialName, or null",
  ]),
  broken("levels without end", { "/Metadata": { deep: nested(1000) } }, ["", "at most 200 levels"]),

  // Parameters.
  broken("a parameter name with a blank", { "/Parameters/2": { Name: "a b", Type: "String" } }, [
    "/Parameters/2/Name",
    PARAMETER_NAME,
  ]),
  broken("a parameter declared twice", { "/Parameters/2": { Name: "Count", Type: "Integer" } }, [
    "/Parameters/2/Name",
    "each parameter once",
  ]),
  broken("a parameter of an unknown type", { "/Parameters/0/Type": "Date" }, [
    "/Parameters/0/Type",
    "one of String, Integer, Float, Boolean",
  ]),
  broken("a default of another type", { "/Parameters/1/DefaultValue": "1" }, [
    "/Parameters/1/DefaultValue",
    "of the type Integer",
  ]),
  broken("a default that is not among the choices", { "/Parameters/0/EnumValues": ["a", "b"] }, [
    "/Parameters/0/DefaultValue",
    "one of a, b",
  ]),
  broken("more than 200 parameters", { "/Parameters": [...names(199), "ProcessDate", "Count"].map(parameterNamed) }, [
    "/Parameters",
    "at most 200 parameters",
  ]),

  // References.
  broken("a parameter that is not declared", { "/Steps/0/Arguments/date": { Get: "Parameters.Day" } }, [
    "/Steps/0/Arguments/date",
    "a declared parameter",
  ]),
  broken("an unknown execution variable", { "/Steps/0/Arguments/date": { Get: "Execution.Today" } }, [
    "/Steps/0/Arguments/date",
    "an execution variable",
  ]),
  broken("a reference to nothing in particular", { "/Steps/0/Arguments/date": { Get: "Day" } }, [
    "/Steps/0/Arguments/date",
    "a reference",
  ]),
  broken(
    "a step that is not there",
    { [`${APP}/ContainerArguments/1`]: { Get: "Steps.dya.OutputParameters['day']" } },
    [`${APP}/ContainerArguments/1`, STEP],
  ),
  broken(
    "an output that the Lambda step does not have",
    { [`${APP}/ContainerArguments/1`]: { Get: "Steps.day_step.OutputParameters['date']" } },
    [`${APP}/ContainerArguments/1`, "a value of the step 'day_step' (Lambda)"],
  ),
  broken(
    "an output that the Processing step does not have",
    { [`${CONDITIONS}/0/LeftValue`]: { Get: "Steps.extract_step.ProcessingOutputConfig.Outputs['x'].S3Output.S3Uri" } },
    [`${CONDITIONS}/0/LeftValue`, "a value of the step 'extract_step' (Processing)"],
  ),
  broken(
    "a value that no processing job has",
    { [`${CONDITIONS}/0/LeftValue`]: { Get: "Steps.extract_step.Outputs" } },
    [`${CONDITIONS}/0/LeftValue`, "a value of the step 'extract_step' (Processing)"],
  ),
  broken(
    "a value of a Fail step",
    { [`${CONDITIONS}/0/RightValue`]: { Get: "Steps.stop_step.ErrorMessage" } },
    [`${CONDITIONS}/0/RightValue`, "a value of the step 'stop_step' (Fail)"],
    ["/Steps/2", "no step waits for itself"],
  ),
  broken("DependsOn on a step that is not there", { "/Steps/1/DependsOn": ["x"] }, ["/Steps/1/DependsOn/0", STEP]),
  broken("DependsOn that is no list", { "/Steps/1/DependsOn": "day_step" }, [
    "/Steps/1/DependsOn",
    "a list of step names",
  ]),
  broken("two steps that wait for each other", { "/Steps/0/DependsOn": ["extract_step"] }, [
    "/Steps/0",
    "no step waits for itself",
  ]),
  broken("a step that waits for itself", { "/Steps/0/DependsOn": ["day_step"] }, [
    "/Steps/0",
    "no step waits for itself",
  ]),
  broken("a condition that waits for what it decides over", { "/Steps/2/DependsOn": ["stop_step"] }, [
    "/Steps/2",
    "no step waits for itself",
  ]),
  broken("an unknown function", { "/Steps/0/Arguments/date": { "Std:Upper": "x" } }, [
    "/Steps/0/Arguments/date/Std:Upper",
    "a function of pipelines",
  ]),
  broken("a join without values", { "/Steps/0/Arguments/date": { "Std:Join": { On: "/" } } }, [
    "/Steps/0/Arguments/date/Std:Join",
    JOIN,
  ]),
  broken("a join without what is between", { "/Steps/0/Arguments/date": { "Std:Join": { Values: ["a"] } } }, [
    "/Steps/0/Arguments/date/Std:Join",
    JOIN,
  ]),
  broken("a join of an object", { "/Steps/0/Arguments/date": join("/", ["a", { b: 1 }]) }, [
    "/Steps/0/Arguments/date/Std:Join",
    "Std:Join joins texts, numbers and references",
  ]),
  broken("a reference with something beside it", { "/Steps/0/Arguments/date": { Get: "Parameters.Day", Or: "x" } }, [
    "/Steps/0/Arguments/date/Get",
    "Get stands alone in its { }",
  ]),
  broken("a value of a file without a path", { "/Steps/0/Arguments/date": { "Std:JsonGet": { S3Uri: "s3://b/x" } } }, [
    "/Steps/0/Arguments/date/Std:JsonGet",
    "Std:JsonGet has Path, and PropertyFile or S3Uri",
  ]),
  broken("a value of no file", { "/Steps/0/Arguments/date": { "Std:JsonGet": { Path: "a.b" } } }, [
    "/Steps/0/Arguments/date/Std:JsonGet",
    "Std:JsonGet has Path, and PropertyFile or S3Uri",
  ]),
  ...[
    "ProcessingOutputConfig.Outputs['extract'].S3Output.S3URI",
    "ProcessingOutputConfig.Outputs['extract'].S3Uri",
    "ProcessingOutputConfig.Outputs['extract'].S3Output.S3Uri.x",
    "ProcessingOutputConfig.Outputs.extract.S3Output.S3Uri",
    "ProcessingOutputConfig.Outputs[1].S3Output.S3Uri",
    "ProcessingInputs[raw].S3Input.S3Uri",
    "RoleArn.",
  ].map((path) =>
    broken(`the value ${path}`, { [`${CONDITIONS}/0/LeftValue`]: { Get: `Steps.extract_step.${path}` } }, [
      `${CONDITIONS}/0/LeftValue`,
      VALUE,
    ]),
  ),
  broken("a Get that is no text", { "/Steps/0/Arguments/date": { Get: ["Parameters.Count"] } }, [
    "/Steps/0/Arguments/date/Get",
    "Get has the path of a value",
  ]),
  broken("a number from a text parameter", { [`${CLUSTER}/InstanceCount`]: { Get: "Parameters.ProcessDate" } }, [
    `${CLUSTER}/InstanceCount`,
    "Integer, not String",
  ]),

  broken("a number in an argument, which is text", { [`${APP}/ContainerArguments/0`]: { Get: "Parameters.Count" } }, [
    `${APP}/ContainerArguments/0`,
    "String, not Integer",
  ]),
  broken("a number in an environment variable", { [`${JOB}/Environment/ROWS`]: { Get: "Parameters.Count" } }, [
    `${JOB}/Environment/ROWS`,
    "String, not Integer",
  ]),
  broken(
    "a joined text where a number is to be",
    { [`${CLUSTER}/InstanceCount`]: join("", [{ Get: "Parameters.Count" }]) },
    [`${CLUSTER}/InstanceCount`, "Integer, not String"],
  ),

  // Steps.
  broken("a step without a type", { "/Steps/3": { Name: "x" } }, ["/Steps/3", "a step with Name and Type"]),
  broken("an unknown type of step", { "/Steps/3": { Name: "x", Type: "Procesing" } }, [
    "/Steps/3/Type",
    "a type of step",
  ]),
  broken("a step name with a blank", { "/Steps/2/Name": "check step" }, ["/Steps/2/Name", SCHEMA_NAME]),
  broken("a step name of 65 characters", { "/Steps/2/Name": "x".repeat(65) }, ["/Steps/2/Name", SCHEMA_NAME]),
  broken("a step name used again inside a condition", { [`${STOP}/Name`]: "day_step" }, [
    `${STOP}/Name`,
    "each step once, also inside conditions",
  ]),
  broken("a misspelt member of a step", { "/Steps/1/Retries": [] }, [
    "/Steps/1/Retries",
    "Retries is not a member of a Processing step",
  ]),
  broken("retries of a Lambda step", { "/Steps/0/RetryPolicies": [] }, [
    "/Steps/0/RetryPolicies",
    "RetryPolicies is not a member of a Lambda step",
  ]),
  broken("a description of 3,073 characters", { "/Steps/1/Description": "x".repeat(3073) }, [
    "/Steps/1/Description",
    "text of at most 3072 characters",
  ]),
  broken("arguments that are no object", { "/Steps/0/Arguments": [] }, ["/Steps/0/Arguments", "an object"]),

  // Lambda, Fail and Condition steps.
  broken("a function by its name", { "/Steps/0/FunctionArn": "day" }, [
    "/Steps/0/FunctionArn",
    "the ARN of a Lambda function",
  ]),
  broken("an output of an unknown type", { "/Steps/0/OutputParameters/1/OutputType": "Date" }, [
    "/Steps/0/OutputParameters/1/OutputType",
    "one of String, Integer, Boolean, Float",
  ]),
  broken("an output without a name", { "/Steps/0/OutputParameters/2": { OutputType: "String" } }, [
    "/Steps/0/OutputParameters/2/OutputName",
    "the name of an output",
  ]),
  broken("an output twice", { "/Steps/0/OutputParameters/2": { OutputName: "day", OutputType: "String" } }, [
    "/Steps/0/OutputParameters/2/OutputName",
    "each output once",
  ]),
  broken(
    "more than 50 outputs of a Lambda step",
    {
      "/Steps/0/OutputParameters": ["day", "rows", ...names(49)].map((OutputName) => ({
        OutputName,
        OutputType: "String",
      })),
    },
    ["/Steps/0/OutputParameters", "at most 50 outputs"],
  ),
  broken("an error message of 3,073 characters", { [`${STOP}/Arguments/ErrorMessage`]: "x".repeat(3073) }, [
    `${STOP}/Arguments/ErrorMessage`,
    "text of at most 3072 characters",
  ]),
  broken("an unknown argument of a Fail step", { [`${STOP}/Arguments/Message`]: "x" }, [
    `${STOP}/Arguments/Message`,
    "Message is not an argument of a Fail step",
  ]),
  broken("no conditions", { [CONDITIONS]: [] }, [CONDITIONS, "a list of conditions"]),
  broken("an unknown condition", { [`${CONDITIONS}/0/Type`]: "Like" }, [`${CONDITIONS}/0/Type`, "a type of condition"]),
  broken("a condition with one side", { [`${CONDITIONS}/0/RightValue`]: undefined }, [
    `${CONDITIONS}/0`,
    "Equals has LeftValue and RightValue",
  ]),
  broken("a misspelt branch", { "/Steps/2/Arguments/Else": [] }, [
    "/Steps/2/Arguments/Else",
    "Else is not an argument of a Condition step",
  ]),
  broken("a comparison with a list", { [`${CONDITIONS}/0/RightValue`]: [1] }, [
    `${CONDITIONS}/0/RightValue`,
    "text, a number, true, false or a reference",
  ]),

  // Retries and cache.
  broken("retries that are no list", { "/Steps/1/RetryPolicies": {} }, [
    "/Steps/1/RetryPolicies",
    "a list of retry policies",
  ]),
  broken("an unknown exception type", { [`${RETRY}/ExceptionType`]: ["Throttling"] }, [
    `${RETRY}/ExceptionType`,
    "a known exception type",
  ]),
  broken("a retry of nothing", { [`${RETRY}/ExceptionType`]: [] }, [
    `${RETRY}/ExceptionType`,
    "at least one exception type",
  ]),
  broken("both limits of retries", { [`${RETRY}/ExpireAfterMin`]: 10 }, [
    RETRY,
    "either MaxAttempts or ExpireAfterMin",
  ]),
  broken("21 attempts", { [`${RETRY}/MaxAttempts`]: 21 }, [`${RETRY}/MaxAttempts`, "MaxAttempts is 0 to 20 attempts"]),
  broken("a wait of more than 12 hours", { [`${RETRY}/IntervalSeconds`]: 43_201 }, [
    `${RETRY}/IntervalSeconds`,
    "IntervalSeconds is 0 to 43200 seconds",
  ]),
  broken(
    "retries for more than 10 days",
    { [`${RETRY}/MaxAttempts`]: undefined, [`${RETRY}/ExpireAfterMin`]: 14_401 },
    [`${RETRY}/ExpireAfterMin`, "ExpireAfterMin is 0 to 14400 minutes"],
  ),
  broken("waits that grow shorter than nothing", { [`${RETRY}/BackoffRate`]: -1 }, [
    `${RETRY}/BackoffRate`,
    "BackoffRate is 0 or more",
  ]),
  broken("a misspelt member of a retry policy", { [`${RETRY}/MaxAttempt`]: 3 }, [
    `${RETRY}/MaxAttempt`,
    "MaxAttempt is not a member of a retry policy",
  ]),
  ...["30", "1 day", "PT", "P", "P1H", "PT30"].map((duration) =>
    broken(`the cache duration '${duration}'`, { [`${CACHE}/ExpireAfter`]: duration }, [
      `${CACHE}/ExpireAfter`,
      DURATION,
    ]),
  ),
  broken("a cache without a duration", { [`${CACHE}/ExpireAfter`]: undefined }, [`${CACHE}/ExpireAfter`, DURATION]),
  broken("30 months that were to be minutes", { [`${CACHE}/ExpireAfter`]: "P30M" }, [
    `${CACHE}/ExpireAfter`,
    "M before a T is months",
  ]),
  ...["P13M", "p30m", "30m", "P2Y13M", "P30M1D", "P30MT5M"].map((duration) =>
    broken(`months in the cache duration ${duration}`, { [`${CACHE}/ExpireAfter`]: duration }, [
      `${CACHE}/ExpireAfter`,
      "M before a T is months",
    ]),
  ),
  broken("a cache switched on by text", { [`${CACHE}/Enabled`]: "true" }, [`${CACHE}/Enabled`, "true or false"]),
  broken(
    "a cached step whose day is only in the address of an output",
    {
      [`${OUTPUT}/S3Output/S3Uri`]: {
        "Std:Join": { On: "/", Values: ["s3://demo-data", { Get: "Parameters.ProcessDate" }] },
      },
    },
    [`${OUTPUT}/S3Output/S3Uri/Std:Join/Values/1`, DAY],
  ),
  broken(
    "a cached step with a fixed day only in the address of an output",
    { [`${OUTPUT}/S3Output/S3Uri`]: "s3://demo-data/output/process_date_jst=2021-12-01" },
    [`${OUTPUT}/S3Output/S3Uri`, DAY],
  ),

  ...["year=2021/month=12/day=01", "2021/12/01", "20211201"].map((folder) =>
    broken(
      `a cached step with the folder ${folder} only`,
      { [`${OUTPUT}/S3Output/S3Uri`]: `s3://demo-data/${folder}` },
      [`${OUTPUT}/S3Output/S3Uri`, DAY],
    ),
  ),
  ...["D", "Ds", "TargetYmd"].map((name) =>
    broken(
      `a cached step whose day ${name} is only in the address of an output`,
      {
        "/Parameters/2": { Name: name, Type: "String" },
        [`${OUTPUT}/S3Output/S3Uri`]: join("/", ["s3://demo-data", { Get: `Parameters.${name}` }]),
      },
      [`${OUTPUT}/S3Output/S3Uri/Std:Join/Values/1`, DAY],
    ),
  ),
  ...["P0D", "PT0S", "P99999999999999D"].map((duration) =>
    broken(`the cache duration ${duration}`, { [`${CACHE}/ExpireAfter`]: duration }, [
      `${CACHE}/ExpireAfter`,
      DURATION,
    ]),
  ),
  ...["12345678", "/hunter2!", "$ecret123", "-hunter2x", "prod/DB!"].map((value) =>
    broken(`the secret ${value}`, { [`${JOB}/Environment`]: { DB_PASSWORD: value } }, [
      `${JOB}/Environment/DB_PASSWORD`,
      SECRET,
    ]),
  ),
  ...[
    join("", ["hunter", "2"]),
    ["AIza", "x".repeat(35)].join(""),
    ["sk", "live", "x".repeat(24)].join("_"),
    ["hf", "x".repeat(34)].join("_"),
    `https://${["hooks", "slack", "com"].join(".")}/services/T00000000/B00000000/${"x".repeat(24)}`,
    "--max-token=4096 --password=hunter2",
    '{"db": {"password": "hunter2"}}',
  ].map((value, index) =>
    broken(
      `a secret that is told by its form or its option, ${index}`,
      { [`${APP}/ContainerArguments/2`]: "--db-password", [`${APP}/ContainerArguments/3`]: value },
      [`${APP}/ContainerArguments/3`, SECRET],
    ),
  ),
  broken("a choice of secrets", { "/Parameters/2": { Name: "Token", Type: "String", EnumValues: ["hunter2"] } }, [
    "/Parameters/2/EnumValues/0",
    SECRET,
  ]),
  ...["constructor", "toString"].map((type) =>
    broken(`a step of the type ${type}`, { "/Steps/2/Arguments/IfSteps/0/Type": type }, [
      `${STOP}/Type`,
      "a type of step",
    ]),
  ),
  broken("a condition of the type toString", { [`${CONDITIONS}/0/Type`]: "toString" }, [
    `${CONDITIONS}/0/Type`,
    "a type of condition",
  ]),
  broken("a parameter of the type constructor", { "/Parameters/2": { Name: "x", Type: "constructor" } }, [
    "/Parameters/2/Type",
    "one of String, Integer, Float, Boolean",
  ]),
  broken("a member that every object seems to have", { [`${APP}/constructor`]: 1 }, [
    `${APP}/constructor`,
    "constructor is not a member here",
  ]),
  broken(
    "a cached step that writes below the time of its start",
    { [`${OUTPUT}/S3Output/S3Uri`]: join("/", ["s3://demo-data", { Get: "Execution.StartDateTime" }]) },
    [`${OUTPUT}/S3Output/S3Uri/Std:Join/Values/1`, DAY],
  ),

  // Processing jobs.
  broken("a job without a role", { [`${JOB}/RoleArn`]: undefined }, [JOB, "RoleArn must be given"]),
  broken("a role by its name", { [`${JOB}/RoleArn`]: "demo-dev-features-job" }, [
    `${JOB}/RoleArn`,
    "the pattern arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
  ]),
  broken("a misspelt member of a job", { [`${APP}/ContainerArgument`]: [] }, [
    `${APP}/ContainerArgument`,
    "ContainerArgument is not a member here",
  ]),
  broken("a job prefix with an underscore", { [`${JOB}/ProcessingJobName`]: "demo_dev" }, [
    `${JOB}/ProcessingJobName`,
    "the pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
  ]),
  broken("an argument of 257 characters", { [`${APP}/ContainerArguments/0`]: "x".repeat(257) }, [
    `${APP}/ContainerArguments/0`,
    "at most 256 characters",
  ]),
  broken(
    "an argument that is certain to grow over 256 characters",
    {
      [`${APP}/ContainerArguments/0`]: {
        "Std:Join": { On: "", Values: ["x".repeat(257), { Get: "Parameters.Count" }] },
      },
    },
    [`${APP}/ContainerArguments/0`, "at most 256 characters"],
  ),
  broken("an argument of two lines", { [`${APP}/ContainerArguments/0`]: "a\nb" }, [
    `${APP}/ContainerArguments/0`,
    "one line of text",
  ]),
  broken("an argument that is a number", { [`${APP}/ContainerArguments/0`]: 7 }, [
    `${APP}/ContainerArguments/0`,
    "text",
  ]),
  broken("no arguments in a list", { [`${APP}/ContainerArguments`]: [] }, [
    `${APP}/ContainerArguments`,
    "at least 1 items",
  ]),
  broken("more than 100 arguments", { [`${APP}/ContainerArguments`]: names(101) }, [
    `${APP}/ContainerArguments`,
    "at most 100 items",
  ]),
  broken(
    "more than 100 environment variables",
    { [`${JOB}/Environment`]: Object.fromEntries(names(101).map((name) => [name, "x"])) },
    [`${JOB}/Environment`, "at most 100 entries"],
  ),
  broken("the name of an environment variable with a -", { [`${JOB}/Environment`]: { "A-B": "x" } }, [
    `${JOB}/Environment/A-B`,
    "the pattern [a-zA-Z_][a-zA-Z0-9_]*",
  ]),
  broken("no instance", { [`${CLUSTER}/InstanceCount`]: 0 }, [`${CLUSTER}/InstanceCount`, "at least 1"]),
  broken("a number in quotes", { [`${CLUSTER}/InstanceCount`]: "1" }, [`${CLUSTER}/InstanceCount`, "a whole number"]),
  broken("no type of instance", { [`${CLUSTER}/InstanceType`]: undefined }, [CLUSTER, "InstanceType must be given"]),
  broken(
    "a type of instance beside preferences",
    { [`${CLUSTER}/InstancePreferences`]: [{ InstanceType: "ml.m5.large" }] },
    [CLUSTER, "either InstanceType or InstancePreferences"],
  ),
  broken("the type of instance that SageMaker chooses", { [`${CLUSTER}/SelectedInstanceType`]: "ml.m5.large" }, [
    `${CLUSTER}/SelectedInstanceType`,
    "not in a request: SageMaker says it afterwards",
  ]),
  broken("no image", { [`${APP}/ImageUri`]: "" }, [`${APP}/ImageUri`, "the URI of an image"]),
  broken("a tag twice", { [`${JOB}/Tags`]: [1, 2].map((Value) => ({ Key: "cost", Value: `${Value}` })) }, [
    `${JOB}/Tags/1/Key`,
    "each Key once in a step",
  ]),
  broken("a tag of AWS", { [`${JOB}/Tags`]: [{ Key: "aws:owner", Value: "x" }] }, [
    `${JOB}/Tags/0/Key`,
    "no key that begins with aws:",
  ]),
  broken("an instance type without ml.", { [`${CLUSTER}/InstanceType`]: "m5.large" }, [
    `${CLUSTER}/InstanceType`,
    "the pattern ml\\.[a-z0-9-]+\\.[a-z0-9]+",
  ]),
  broken("a volume of 16,385 GB", { [`${CLUSTER}/VolumeSizeInGB`]: 16_385 }, [
    `${CLUSTER}/VolumeSizeInGB`,
    "at most 16384",
  ]),
  broken("a job of more than nine days", { [`${JOB}/StoppingCondition/MaxRuntimeInSeconds`]: 777_601 }, [
    `${JOB}/StoppingCondition/MaxRuntimeInSeconds`,
    "at most 777600",
  ]),
  broken("subnets without security groups", { [`${JOB}/NetworkConfig`]: { VpcConfig: { Subnets: ["subnet-1"] } } }, [
    `${JOB}/NetworkConfig/VpcConfig`,
    "SecurityGroupIds must be given",
  ]),
  broken("isolation by text", { [`${JOB}/NetworkConfig`]: { EnableNetworkIsolation: "true" } }, [
    `${JOB}/NetworkConfig/EnableNetworkIsolation`,
    "true or false",
  ]),
  broken("more than 10 inputs", { [`${JOB}/ProcessingInputs`]: names(11).map(file) }, [
    `${JOB}/ProcessingInputs`,
    "at most 10 items",
  ]),
  broken("more than 10 outputs", { [OUTPUTS]: names(11).map(folder) }, [OUTPUTS, "at most 10 items"]),
  broken("an input twice", { [`${JOB}/ProcessingInputs/2`]: file("raw") }, [
    `${JOB}/ProcessingInputs/2/InputName`,
    "each InputName once in a step",
  ]),
  broken("an output twice", { [`${OUTPUTS}/1`]: folder("extract") }, [
    `${OUTPUTS}/1/OutputName`,
    "each OutputName once in a step",
  ]),
  broken("an input from nowhere", { [`${INPUT}/S3Input`]: undefined }, [
    INPUT,
    "S3Input or DatasetDefinition must be given",
  ]),
  broken("an output to nowhere", { [`${OUTPUT}/S3Output`]: undefined }, [
    OUTPUT,
    "S3Output or FeatureStoreOutput must be given",
  ]),
  broken("an input without a local path", { [`${INPUT}/S3Input/LocalPath`]: undefined }, [
    `${INPUT}/S3Input`,
    "LocalPath must be given",
  ]),
  broken("an output without a local path", { [`${OUTPUT}/S3Output/LocalPath`]: undefined }, [
    `${OUTPUT}/S3Output`,
    "LocalPath must be given",
  ]),
  broken(
    "a feature group that SageMaker is to write",
    { [`${OUTPUT}/FeatureStoreOutput`]: { FeatureGroupName: "x" } },
    [OUTPUT, "a FeatureStoreOutput is AppManaged"],
  ),
  broken(
    "a local path that begins elsewhere",
    { [`${INPUT}/S3Input/LocalPath`]: join("/", ["/tmp", { Get: "Parameters.ProcessDate" }]) },
    [`${INPUT}/S3Input/LocalPath`, BELOW],
  ),
  broken("packed files in the mode File", { [`${INPUT}/S3Input/S3CompressionType`]: "Gzip" }, [
    `${INPUT}/S3Input`,
    "Gzip only in the input mode Pipe",
  ]),
  ...[
    "/opt/ml/input",
    "/opt/ml/processing2/raw",
    "/opt/ml/processing/../model",
    "/opt/ml/processing/raw/./x",
    "/opt/ml/processing//raw",
    "/opt/ml/processing",
    "/opt/ml/processing/",
    "input",
  ].map((path) =>
    broken(`the local path ${path}`, { [`${INPUT}/S3Input/LocalPath`]: path }, [`${INPUT}/S3Input/LocalPath`, BELOW]),
  ),
  broken("an output outside of /opt/ml/processing", { [`${OUTPUT}/S3Output/LocalPath`]: "/tmp/out" }, [
    `${OUTPUT}/S3Output/LocalPath`,
    BELOW,
  ]),
  broken("an address without s3://", { [`${INPUT}/S3Input/S3Uri`]: "demo-data/raw" }, [`${INPUT}/S3Input/S3Uri`, S3]),
  broken(
    "an address joined with a slash too many",
    { [`${INPUT}/S3Input/S3Uri`]: { "Std:Join": { On: "/", Values: ["s3://", { Get: "Parameters.ProcessDate" }] } } },
    [`${INPUT}/S3Input/S3Uri`, S3],
  ),
  broken("an unknown upload mode", { [`${OUTPUT}/S3Output/S3UploadMode`]: "AtEnd" }, [
    `${OUTPUT}/S3Output/S3UploadMode`,
    "one of Continuous, EndOfJob",
  ]),
  broken(
    "a property file in an output that is not there",
    { "/Steps/1/PropertyFiles": [{ PropertyFileName: "p", OutputName: "report", FilePath: "p.json" }] },
    ["/Steps/1/PropertyFiles/0/OutputName", "an output of the step"],
  ),

  broken("property files that are no list", { "/Steps/1/PropertyFiles": {} }, [
    "/Steps/1/PropertyFiles",
    "a list of property files",
  ]),
  broken(
    "a property file without a path",
    { "/Steps/1/PropertyFiles": [{ PropertyFileName: "p", OutputName: "extract" }] },
    ["/Steps/1/PropertyFiles/0/FilePath", "FilePath must be given"],
  ),
  broken(
    "a property file twice",
    {
      "/Steps/1/PropertyFiles": [1, 2].map(() => ({
        PropertyFileName: "p",
        OutputName: "extract",
        FilePath: "p.json",
      })),
    },
    ["/Steps/1/PropertyFiles/1/PropertyFileName", "each PropertyFileName once in a step"],
  ),

  // Secrets.
  broken("an AWS access key", { [`${APP}/ContainerArguments/0`]: "AKIAIOSFODNN7EXAMPLE" }, [
    `${APP}/ContainerArguments/0`,
    SECRET,
  ]),
  broken("a password in an argument", { [`${APP}/ContainerArguments/0`]: "--db-password=correct-horse" }, [
    `${APP}/ContainerArguments/0`,
    SECRET,
  ]),
  broken("a password after its option", { [`${APP}/ContainerArguments`]: ["--password", "correct-horse"] }, [
    `${APP}/ContainerArguments/1`,
    SECRET,
  ]),
  broken("a password in an environment variable", { [`${JOB}/Environment`]: { DB_PASSWORD: "correct-horse" } }, [
    `${JOB}/Environment/DB_PASSWORD`,
    SECRET,
  ]),
  broken("a password in an address", { [`${JOB}/Environment`]: { DB: "postgres://user:correct@host/db" } }, [
    `${JOB}/Environment/DB`,
    SECRET,
  ]),
  ...[
    "xoxb-123456789012-abcdefghijkl",
    "glpat-abcdefghij0123456789",
    "github_pat_11ABCDEFG0abcdefghijklmnop",
    "Authorization: Bearer abcdefghijklmnop0123456789",
    `${["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N"].join(".")}`,
  ].map((token) =>
    broken(`the token ${token.slice(0, 12)}…`, { [`${APP}/ContainerArguments/0`]: token }, [
      `${APP}/ContainerArguments/0`,
      SECRET,
    ]),
  ),
  ...["DB_PASS", "KEY_PASSPHRASE", "DB_PWD", "AWS_SECRET_ACCESS_KEY"].map((name) =>
    broken(`a value for ${name}`, { [`${JOB}/Environment`]: { [name]: "correct-horse" } }, [
      `${JOB}/Environment/${name}`,
      SECRET,
    ]),
  ),
  broken("a password in two parts", { [`${APP}/ContainerArguments/0`]: join("", ["--password=", "correct-horse"]) }, [
    `${APP}/ContainerArguments/0`,
    SECRET,
  ]),
  broken("a private key for a Lambda step", { "/Steps/0/Arguments/note": "-----BEGIN RSA PRIVATE KEY-----" }, [
    "/Steps/0/Arguments/note",
    SECRET,
  ]),
  broken(
    "a token as the default of a parameter",
    { "/Parameters/2": { Name: "ApiToken", Type: "String", DefaultValue: "abcdef123" } },
    ["/Parameters/2/DefaultValue", SECRET],
  ),
];

function parameterNamed(Name: string) {
  return { Name, Type: Name === "Count" ? "Integer" : "String" };
}
