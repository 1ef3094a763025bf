import { deepEqual, equal, match, throws } from "node:assert/strict";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { folder, partitionOf, raw, tableOf, type InputSource } from "../../contract/inputs";
import { datasetPipeline } from "../../contract/job";
import { dateKey, enumKey } from "../../contract/keys";
import { jobPolicy } from "../../components/permissions/job";
import { namesOf } from "../../contract/names";
import { athena, projection, registered } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";
import { handler } from "../../operations/day";

const upstream: Dataset = defineDataset<Dataset["partitionKeys"], Dataset["columns"]>({
  ...features,
  name: "readings",
  prefix: "sensors/readings",
  partitionKeys: [
    dateKey("year", { timeZone: "UTC", format: "yyyy" }),
    dateKey("month", { timeZone: "UTC", format: "MM" }),
    dateKey("hour", { timeZone: "UTC", format: "HH" }),
    enumKey("site", { values: ["tokyo"] }),
  ],
  registration: registered({ looksAt: "table" }),
});

const reading = (source: InputSource, change: Partial<Dataset> = {}): Dataset =>
  defineDataset<Dataset["partitionKeys"], Dataset["columns"]>({
    ...features,
    steps: [{ name: "only", script: "only.py", inputs: { it: source }, outputs: { rows: "table" } }],
    ...change,
  });

interface Step {
  readonly Name: string;
  readonly Arguments: Readonly<Record<string, unknown>> & {
    readonly ProcessingInputs?: readonly {
      readonly InputName: string;
      readonly S3Input: { readonly S3Uri: unknown };
    }[];
    readonly Tags?: unknown;
  };
}

function stepsOf(dataset: Dataset): Step[] {
  return datasetPipeline(dataset, {
    ...{
      bucket: "bucket",
      database: "db",
      region: "ap-northeast-1",
      imageUri: "image",
      jobRoleArn: "role",
      jobNamePrefix: "p",
      kmsKeyArn: "key",
    },
    ...{ instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 },
    ...{ dayFunctionArn: "day-function", registrarFunctionArn: "registrar-function" },
    codeHashes: { "only.py": "o", "extract.py": "e", "transform.py": "t", "dataset.json": "d" },
  }).Steps as unknown as Step[];
}

const step = (dataset: Dataset, name: string): Step | undefined => stepsOf(dataset).find(({ Name }) => Name === name);
const addressOf = (dataset: Dataset): unknown =>
  step(dataset, "only")?.Arguments.ProcessingInputs?.find(({ InputName }) => InputName === "it")?.S3Input.S3Uri;

describe("inputs of a script", () => {
  it("are the raw files, a folder of the bucket, or a folder of another bucket", () => {
    equal(addressOf(reading(raw)), "s3://bucket/features/raw/");
    equal(addressOf(reading(folder("master/stations"))), "s3://bucket/master/stations/");
    equal(addressOf(reading(folder("s3://other-bucket/Stations/v1/"))), "s3://other-bucket/Stations/v1/");
  });

  it("are the whole table of another dataset, or its folder of the run's day", () => {
    equal(addressOf(reading(tableOf(upstream))), "s3://bucket/sensors/readings/output/");
    const value = (key: string) => ({ Get: `Steps.day_step.OutputParameters['readings.${key}']` });
    deepEqual(addressOf(reading(partitionOf(upstream))), {
      "Std:Join": {
        On: "",
        Values: ["s3://bucket/sensors/readings/output/", "year=", value("year"), "/", "month=", value("month"), "/"],
      },
    });
  });

  it("get the run's day in the other dataset's words, by its name and not by a clock", async () => {
    const { Arguments: given } = step(reading(partitionOf(upstream)), "day_step") ?? {};
    const answer = await handler({
      ...(given as Readonly<Record<"dataset" | "upstream", string>>),
      // Already the next day in Japan.
      ...{ processDate: "auto", scheduledTime: "2021-11-30T15:30:00Z", startedAt: "2021-11-30T15:31:00Z" },
      dayOffset: "0",
    });
    deepEqual(answer, {
      process_date: "2021-12-01",
      value_process_date_jst: "2021-12-01",
      "readings.year": "2021",
      "readings.month": "12",
    });
  });

  it("are all that the job's role may read", () => {
    const names = namesOf({
      ...{ partition: "aws", region: "ap-northeast-1", accountId: "123456789012" },
      ...{ project: "partitions", stack: "test", bucketPrefix: "team" },
    });
    const statements = (source: InputSource): unknown =>
      jobPolicy(names, reading(source)).Statement.flatMap((statement) => {
        const { Sid, Resource, Condition } = statement as { Sid: string; Resource: unknown; Condition?: unknown };
        return /^(List|Read)/.test(Sid)
          ? [[Resource, (Condition as { StringLike?: unknown } | undefined)?.StringLike]]
          : [];
      });
    const own = ["features/raw/*", "features/code/*", "features/execution/*"];
    const inBucket = (pattern: string) => `${names.bucketArn}/${pattern}`;
    deepEqual(statements(raw), [
      [names.bucketArn, { "s3:prefix": own }],
      [own.map(inBucket), undefined],
    ]);
    deepEqual(statements(partitionOf(upstream)), [
      [names.bucketArn, { "s3:prefix": [...own, "sensors/readings/output/*"] }],
      [[...own, "sensors/readings/output/*"].map(inBucket), undefined],
    ]);
    deepEqual(statements(folder("s3://other/stations/")), [
      [names.bucketArn, { "s3:prefix": own }],
      ["arn:aws:s3:::other", { "s3:prefix": ["stations/*"] }],
      [[...own.map(inBucket), "arn:aws:s3:::other/stations/*"], undefined],
    ]);
  });

  const broken: [string, InputSource, RegExp][] = [
    ["a folder with a slash at its end", folder("master/"), /folder 'master\/', which must be/],
    ["a folder above the bucket", folder("../other"), /folder '\.\.\/other', which must be/],
    ["an S3 file", folder("s3://bucket/file.csv"), /a slash at its end/],
    ["a whole foreign bucket", folder("s3://bucket/"), /a slash at its end/],
    [
      "the run's day of a dataset without days",
      partitionOf({ ...upstream, partitionKeys: [enumKey("site", { values: ["tokyo"] })] }),
      /outermost key is not of a day .*; use tableOf\(readings\)/,
    ],
  ];
  const hourly = dateKey("hour", { timeZone: "Asia/Tokyo", format: "yyyy-MM-dd-HH" });
  broken.push(
    [
      "the run's day of a dataset of hours, which would be the whole table",
      partitionOf({ ...upstream, partitionKeys: [hourly] }),
      /outermost key is not of a day .*; use tableOf\(readings\)/,
    ],
    ["a folder whose address leaves no room for files", folder("a".repeat(513)), /has 513 characters, at most 512/],
  );
  for (const [title, source, expected] of broken)
    it(`reject ${title}`, () => {
      throws(
        () => reading(source),
        ({ message }: Error) => {
          match(message, expected);
          return true;
        },
      );
    });
});

describe("the number of inputs", () => {
  const step = { name: "only", script: "only.py", outputs: { rows: "table" } } as const;
  const reading = (count: number) => {
    const inputs = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`i${index}`, folder(`f/n${index}`)]),
    );
    return () => defineDataset({ ...features, steps: [{ ...step, inputs }] });
  };

  it("is at most eight: the script and dataset.json are inputs of the job as well", () => {
    equal(Object.keys(reading(8)().steps[0]?.inputs ?? {}).length, 8);
    throws(reading(9), /step 'only': 9 inputs; a job takes 10, of which the script and dataset\.json are two/);
  });
});

describe("registration by declaration", () => {
  it("looks at the run's day, or at the whole table where runs write other days", () => {
    const asked = (looksAt: "run" | "table") => {
      const { Arguments: given = {} } =
        step(reading(raw, { registration: registered({ looksAt }) }), "register_step") ?? {};
      return Object.keys(given).filter((name) => name === "table" || name.startsWith("value_"));
    };
    deepEqual(asked("run"), ["table", "value_process_date_jst"]);
    deepEqual(asked("table"), ["table"]);
  });

  it("has no step where Athena projects the partitions", () => {
    const registration = projection({ process_date_jst: { from: "2021-12-01" } });
    equal(step(reading(raw, { registration, readers: [athena()] }), "register_step"), undefined);
  });

  it("names the table as the catalogue does", () => {
    const { Arguments: given } = step(reading(raw, { table: { physicalName: "old_features" } }), "register_step") ?? {};
    equal(given?.["table"], "old_features");
  });
});

describe("cost tags", () => {
  it("are on every job: the dataset, its owner and what the declaration adds", () => {
    const dataset = reading(raw, { owner: "weather-team", tags: { "cost-center": "1234" } });
    deepEqual(step(dataset, "only")?.Arguments.Tags, [
      { Key: "dataset", Value: "features" },
      { Key: "owner", Value: "weather-team" },
      { Key: "cost-center", Value: "1234" },
    ]);
  });

  it("cannot take the place of the declaration's own, nor AWS's", () => {
    throws(() => reading(raw, { tags: { dataset: "x" } }), /tag 'dataset' is made from the declaration/);
    throws(() => reading(raw, { tags: { "aws:x": "x" } }), /tag 'aws:x'/);
    throws(() => reading(raw, { owner: "a\nb" }), /tag 'owner': value 'a\nb'/);
  });
});
