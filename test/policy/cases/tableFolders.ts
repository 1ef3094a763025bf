import { BUCKET, BUCKET_LOGGING, CRAWLER, WORKGROUP } from "../../../policy/kinds";
import { LOCATION, table } from "../resources";
import { casesOf, change, resource, type Case, type Good } from "./case";
import { ABORT, EXPIRE, goodBucket, NAME } from "./goodBucket";
import { goodWorkgroup } from "./queries";

/** A bucket with a table in it. */
const goodLake: Good = () => [...goodBucket(), table(undefined, "table")];

const RULE = { id: "short", status: "Enabled", filter: { prefix: "features/" } };
const lifecycle = (rule: object) => change(goodLake, "lifecycle", { rules: [ABORT, EXPIRE, { ...RULE, ...rule }] });
/** The lifecycle in the bucket itself, as provider version 3 wrote it. */
const inline = (rule: object) =>
  goodLake()
    .filter(({ name }) => name !== "lifecycle")
    .map((each) =>
      each.type === BUCKET.token
        ? { ...each, props: { ...each.props, lifecycleRules: [{ id: "short", enabled: true, ...rule }] } }
        : each,
    );
const crawler = (path: string) => resource(CRAWLER, "crawler", { databaseName: "acme_dev", s3Targets: [{ path }] });
const ELSEWHERE = "expected a prefix of its own";
const KEEP_OLD = { noncurrentVersionExpiration: { days: 30 }, abortIncompleteMultipartUploadDays: 7 };

export const tableFoldersCases: Case[] = [
  ...casesOf(
    "aws-s3-bucket-keep-tables-readable",
    [
      "a table that goes after a day",
      lifecycle({ expiration: { days: 1 } }),
      `bucket 'data', lifecycle rule 'short': deletes '${LOCATION}' of table 'table' after 1 days, expected at least 30`,
    ],
    [
      "a table in an archive, by a rule of the bucket itself",
      inline({ ...KEEP_OLD, transitions: [{ days: 1, storageClass: "DEEP_ARCHIVE" }] }),
      `bucket 'data', lifecycle rule 'short': moves to DEEP_ARCHIVE '${LOCATION}' of table 'table' after 1 days, expected at least 30`,
    ],
    [
      "partitions of a table that go after a week",
      lifecycle({ filter: { and: { prefix: "features/output/process_date_jst=2021" } }, expiration: { days: 7 } }),
      `bucket 'data', lifecycle rule 'short': deletes '${LOCATION}' of table 'table' after 7 days, expected at least 30`,
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-keep-versions-long-enough",
    [
      "a day where a table is",
      lifecycle({ noncurrentVersionExpiration: { noncurrentDays: 1 } }),
      "bucket 'data', lifecycle rule 'short': noncurrentDays is 1, expected at least 30",
    ],
    [
      "a day, by a rule of the bucket itself",
      inline({ ...KEEP_OLD, noncurrentVersionExpiration: { days: 1 } }),
      "bucket 'data', lifecycle rule 'short': noncurrentDays is 1, expected at least 30",
    ],
  ),
  ...casesOf(
    "aws-glue-table-keep-other-files-out",
    [
      "results of queries in a table",
      [
        table(undefined, "table"),
        ...goodWorkgroup().map((each) => ({
          ...each,
          props: JSON.parse(JSON.stringify(each.props).replace("s3://acme-results/athena/", LOCATION)) as object,
        })),
      ],
      `workgroup 'queries': outputLocation is '${LOCATION}', inside table 'table' at '${LOCATION}', ${ELSEWHERE}`,
    ],
    [
      "access logs in a table",
      [
        table(undefined, "table"),
        resource(BUCKET_LOGGING, "logging", {
          bucket: "acme-web",
          targetBucket: NAME,
          targetPrefix: "features/output/l",
        }),
      ],
      `bucket logging 'logging': targetPrefix is 's3://acme-data/features/output/l', inside table 'table' at '${LOCATION}', ${ELSEWHERE}`,
    ],
    [
      "a crawler above a table of its database",
      [table(undefined, "table"), crawler("s3://acme-data/features/")],
      `crawler 'crawler': path is 's3://acme-data/features/', above the location of table 'table' of the same database, expected '${LOCATION}'`,
    ],
  ),
  ...casesOf(
    "aws-glue-table-survive-destroy",
    [
      "a table without protection",
      [{ ...table(undefined, "table"), protect: false }],
      "table 'table': protect is off, expected it on",
    ],
    [
      "a bucket without protection",
      goodBucket().map((each) => ({ ...each, protect: each.type !== BUCKET.token })),
      "bucket 'data': protect is off, expected it on",
    ],
  ),
];

/** What no rule minds: files that are nobody's table, kept for a day, and what is not below the table. */
export const goodLakes: Readonly<Record<string, Good>> = {
  goodLake,
  withResultsOfADay: () =>
    lifecycle({
      ...{ filter: { prefix: "athena-results/" }, expiration: { days: 7 } },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    }),
  withTaggedFilesOfADay: () =>
    lifecycle({ filter: { tag: { key: "scratch", value: "yes" } }, expiration: { days: 1 } }),
  withCrawlerOfTheTable: () => [...goodLake(), crawler(LOCATION)],
  withResultsBeside: () => [...goodLake(), ...goodWorkgroup().filter(({ type }) => type === WORKGROUP.token)],
};
