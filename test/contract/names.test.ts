import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
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
    const { schedule, ...own } = all.dataset("features");
    deepEqual([0, 1].map(schedule), ["partitions-dev-features", "partitions-dev-features.back1"]);
    deepEqual(own, {
      pipeline: "partitions-dev-features",
      jobPrefix: "partitions-dev-featuresJ",
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
    ["a beginning that S3 keeps for itself", { bucketPrefix: "xn--a" }, /name 'xn--a-partitions-dev-data' .*xn--/],
    ["another one", { bucketPrefix: "sthree-" }, /S3 bucket name 'sthree--partitions-dev-data'/],
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

  it("accepts a job's first part of 38 characters: SageMaker adds to it for each job", () => {
    const longest = "f".repeat(38 - "partitions-dev-J".length);
    equal(names().dataset(longest).jobPrefix.length, 38);
    throws(() => names().dataset(`${longest}f`), /SageMaker job .*at most 38 characters/);
  });

  it("let IAM tell the jobs of one dataset from those of every other", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}[a-z0-9]$/);
    const like = (pattern: string, text: string) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s").test(text);
    const check = (one: string, other: string) => {
      const all = names();
      const job = all.jobArn(`${all.dataset(other).jobPrefix}-k2p7hq0d3x9z-AbCdEfGhIj`);
      equal(like(all.jobArn(`${all.dataset(one).jobPrefix}-*`), job), one === other, `${one}, ${other}`);
    };
    fc.assert(fc.property(name, name, check));
    fc.assert(fc.property(name, fc.stringMatching(/^[a-z0-9]{1,4}$/), (one, more) => check(one, `${one}_${more}`)));
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

  it("rejects the names of all datasets at once, with those of the stack, each by service", () => {
    const datasets = ["ok", "x".repeat(30), "trailing_", "y".repeat(60)].map((name) => ({ name }));
    throws(
      () => namesOf({ ...deployment, bucketPrefix: "A" }, datasets),
      (error: Error) => {
        const [subject, ...problems] = error.message.split("\n");
        equal(subject, "names of stack 'dev':");
        const about = (what: RegExp) => problems.filter((problem) => what.test(problem)).length;
        deepEqual([about(/S3 bucket/), about(/dataset 'ok'/)], [1, 0]);
        deepEqual([about(/dataset 'x{30}': SageMaker job /), about(/dataset 'x/)], [1, 1]);
        deepEqual([about(/dataset 'trailing_': SageMaker pipeline /), about(/dataset 'trail/)], [1, 1]);
        deepEqual(
          ["SageMaker job", "IAM role", "EventBridge schedule"].map((service) =>
            about(new RegExp(`dataset 'y{60}': ${service} `)),
          ),
          [1, 1, 1],
        );
        return true;
      },
    );
  });
});

describe("names of what is there already", () => {
  const key = "arn:aws:kms:ap-northeast-1:999999999999:key/mrk-1234abcd12ab34cd56ef1234567890ab";

  it("take the place of the stack's own, in every name and ARN", () => {
    const all = names({ existingBucket: "team.data", existingDatabase: "team-lake", bucketPrefix: "" });
    deepEqual([all.bucket, all.database], ["team.data", "team-lake"]);
    equal(all.objectArn("a/*"), "arn:aws:s3:::team.data/a/*");
    equal(all.tableArn("t"), "arn:aws:glue:ap-northeast-1:123456789012:table/team-lake/t");
    deepEqual(all.existing, { bucket: true, bucketKeyArn: undefined, database: true });
    deepEqual(names().existing, { bucket: false, bucketKeyArn: undefined, database: false });
  });

  for (const existingBucket of ["abc", "a".repeat(63), "1.2.3.4a", "xn-team", "team-s3alias-2"])
    it(`accept bucket '${existingBucket.slice(0, 20)}'`, () => {
      equal(names({ existingBucket }).bucket, existingBucket);
    });

  const buckets = ["ab", "a".repeat(64), "Team", "te_am", "-team", "te..am", "192.168.5.4", "xn--team", "sthree-team"];
  for (const existingBucket of [
    ...buckets,
    "amzn-s3-demo-x",
    "team-s3alias",
    "team--ol-s3",
    "t.mrap",
    "t--x--x-s3",
    "",
  ])
    it(`reject bucket '${existingBucket.slice(0, 20)}', and tell what to correct`, () => {
      throws(() => names({ existingBucket }), /S3 bucket name '.*' must be .*; correct existingBucket/);
    });

  for (const existingDatabase of ["team-data", "2021", "a.b", "_", "d".repeat(255)])
    it(`accept database '${existingDatabase.slice(0, 20)}', which this program would not make`, () => {
      equal(names({ existingDatabase }).database, existingDatabase);
    });

  for (const existingDatabase of [
    "Team",
    "a/b",
    "a*",
    "a?",
    "a:b",
    "a b",
    "${a}",
    'a"b',
    "データ",
    "d".repeat(256),
    "",
  ])
    it(`reject database '${existingDatabase.slice(0, 20)}', and tell what to correct`, () => {
      throws(() => names({ existingDatabase }), /Glue database name '.*' must be .*; correct existingDatabase/);
    });

  it("accept a key of the stack's region, whoever owns it", () => {
    equal(names({ existingBucket: "team", existingBucketKeyArn: key }).existing.bucketKeyArn, key);
  });

  for (const [what, existingBucketKeyArn] of [
    ["an alias", "arn:aws:kms:ap-northeast-1:999999999999:alias/team"],
    ["a key of another region", key.replace("ap-northeast-1", "us-east-1")],
    ["a key of another partition", key.replace("arn:aws:", "arn:aws-cn:")],
    ["an id", "1234abcd-12ab-34cd-56ef-1234567890ab"],
    ["a pattern", "arn:aws:kms:ap-northeast-1:999999999999:key/*"],
  ] as const)
    it(`reject ${what} as the bucket's key`, () => {
      throws(
        () => names({ existingBucket: "team", existingBucketKeyArn }),
        /must be the ARN of a key, not of an alias/,
      );
    });

  it("reject a key without a bucket", () => {
    throws(() => names({ existingBucketKeyArn: key }), /is of no use without existingBucket/);
  });

  it("are rejected together with all else that is wrong", () => {
    throws(
      () => namesOf({ ...deployment, stack: "a-b", existingBucket: "A", existingDatabase: "B" }, [{ name: "_" }]),
      (error: Error) => {
        for (const what of [/stack 'a-b'/, /S3 bucket/, /Glue database/, /dataset '_'/]) match(error.message, what);
        return true;
      },
    );
  });
});
