import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { databaseName, namesOf, pipelineName, type Deployment } from "../../contract/names";
import { features } from "../../datasets/features/dataset";

const deployment: Deployment = {
  ...{ partition: "aws", region: "ap-northeast-1", accountId: "123456789012" },
  ...{ project: "partitions", stack: "dev", bucketPrefix: "my-team" },
};
const names = (given: Partial<Deployment> = {}) => namesOf({ ...deployment, ...given });

/** Every physical name that an account has only once. */
const owned = (given: Partial<Deployment>, datasets: readonly string[]): string[] => {
  const all = names(given);
  const own = datasets.map(all.dataset);
  return [
    ...[all.bucket, all.repository, all.database, all.keyAlias],
    ...[all.pipelineRole.name, all.registrarRole.name, all.dayRole.name],
    ...[all.registrar, all.day].flatMap(({ name, logGroup }) => [`function ${name}`, logGroup]),
    ...own.flatMap(({ pipeline, jobRole }) => [`pipeline ${pipeline}`, jobRole.name]),
  ];
};

describe("physical names", () => {
  it("follow from project, stack and dataset alone", () => {
    const all = names();
    deepEqual(
      [all.bucket, all.repository, all.database, all.keyAlias],
      ["my-team-partitions-dev-data", "partitions-dev-processing", "partitions_dev", "alias/partitions-dev-data"],
    );
    deepEqual(all.dataset("features"), {
      pipeline: "partitions-dev-features",
      jobRole: {
        name: "partitions-dev-features-job",
        arn: "arn:aws:iam::123456789012:role/partitions-dev/partitions-dev-features-job",
      },
    });
    equal(all.tableArn("*"), "arn:aws:glue:ap-northeast-1:123456789012:table/partitions_dev/*");
    equal(all.registrar.arn, "arn:aws:lambda:ap-northeast-1:123456789012:function:partitions-dev-registrar");
  });

  it("are found by the run-time side without an account", () => {
    equal(pipelineName(deployment, features.name), names().dataset(features.name).pipeline);
    equal(databaseName(deployment), names().database);
  });

  it("take no underscore where SageMaker takes none, and no hyphen where Athena takes none", () => {
    equal(names().dataset("daily_features").pipeline, "partitions-dev-daily-features");
    ok(!names().database.includes("-"));
  });

  it("belong to the AWS partition of the deployment", () => {
    const all = names({ partition: "aws-cn", region: "cn-north-1" });
    for (const arn of [all.bucketArn, all.repositoryArn, all.registrar.arn, all.pipelineRole.arn, all.databaseArn])
      match(arn, /^arn:aws-cn:/);
  });

  it("are shared by no two stacks of an account, and by no two datasets of a stack", () => {
    const datasets = ["features", "x_y", "y", "day", "registrar", "pipeline"];
    const stacks = ["dev", "stg", "prod", "dev2", "d"].flatMap((stack) => owned({ stack }, datasets));
    deepEqual([...new Set(stacks)].length, stacks.length);
  });

  for (const stack of ["dev-x", "dev_x", "dev.x", "Dev", ""])
    it(`rejects stack '${stack}': names and IAM scopes of two stacks could overlap`, () => {
      throws(() => names({ stack }), new RegExp(`stack '${stack.replace(".", "\\.")}' must be`));
    });

  it("rejects a project whose name could run into the stack's", () => {
    throws(() => names({ project: "partitions-dev" }), /project 'partitions-dev' must be/);
  });

  const bad: [title: string, given: Partial<Deployment>, problem: RegExp][] = [
    ["upper case in the bucket prefix", { bucketPrefix: "MyTeam" }, /S3 bucket name 'MyTeam-partitions-dev-data'/],
    ["a dot in the bucket prefix", { bucketPrefix: "my.team" }, /S3 bucket name .* lower-case letters, digits and -/],
    ["no bucket prefix", { bucketPrefix: "" }, /S3 bucket name '-partitions-dev-data'/],
    ["a bucket of 64 characters", { bucketPrefix: "x".repeat(44) }, /S3 bucket name .*must be 3 to 63/],
  ];
  for (const [title, given, problem] of bad)
    it(`rejects ${title}, and names the service`, () => {
      throws(() => names(given), problem);
    });

  it("accepts a bucket of 63 characters", () => {
    equal(names({ bucketPrefix: "x".repeat(43) }).bucket.length, 63);
  });

  it("accepts a pipeline name of 38 characters: SageMaker adds to it for each job", () => {
    const longest = "f".repeat(38 - "partitions-dev-".length);
    equal(names().dataset(longest).pipeline.length, 38);
    throws(() => names().dataset(`${longest}f`), /SageMaker pipeline .*at most 38 characters/);
  });

  it("rejects everything that is wrong at once, each once", () => {
    throws(
      () => names({ bucketPrefix: "A", stack: "s".repeat(60) }),
      (error: Error) => {
        match(error.message, /S3 bucket/);
        match(error.message, /IAM role/);
        match(error.message, /Lambda function/);
        const lines = error.message.split("\n");
        deepEqual([...new Set(lines)], lines);
        return true;
      },
    );
  });

  it("rejects one dataset's name without blaming the next", () => {
    const all = names({ stack: "s".repeat(20) });
    throws(() => all.dataset("a_dataset_with_quite_a_long_name"));
    equal(all.dataset("ok").pipeline, `partitions-${"s".repeat(20)}-ok`);
  });
});
