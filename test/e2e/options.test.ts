import { ListNamedQueriesCommand } from "@aws-sdk/client-athena";
import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, GetBucketLoggingCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { deepEqual, equal, match } from "node:assert/strict";
import { textOutput, Watch } from "../../local/deploy";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { awsAt, type Aws } from "../../local/provider/clients";
import { LAPTOP } from "../../local/settings";
import { useStartedLaptop } from "../support/startedLaptop";

const LOGS = "team-access-logs";
const BASE = `${LAPTOP.project}-${LAPTOP.stack}`;

/** What a stack has only where its configuration asks for it, on the real engine under the policy pack. */
describe("a stack with everything that is optional", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let aws: Aws;
  const config = {
    "partitions:accessLogBucket": LOGS,
    "partitions:redshiftWorkgroup": "lake",
    "partitions:redshiftDatabase": "dev",
    "partitions:removerPrincipalArn": `arn:aws:iam::${LAPTOP_ACCOUNT}:role/data-engineers`,
  };

  before(async () => {
    aws = awsAt({ endpoint: laptop.endpoint, region: LAPTOP.region, accountId: LAPTOP_ACCOUNT });
    const LocationConstraint = LAPTOP.region;
    await aws.s3.send(new CreateBucketCommand({ Bucket: LOGS, CreateBucketConfiguration: { LocationConstraint } }));
    const statement = { Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" };
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ ...statement, Resource: `arn:aws:s3:::${LOGS}/*` }],
    });
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy }));
  });

  it("is deployed without a violation, and has nothing to do the second time", async () => {
    const watch = new Watch();
    const outputs = await laptop.withStack((stack) => watch.over(stack.up(watch)), config);
    deepEqual([watch.problems, watch.warnings], [[], []]);
    const roleArn = `arn:aws:iam::${LAPTOP_ACCOUNT}:role/${BASE}/${BASE}-spectrum`;
    equal(textOutput(outputs, "spectrumRoleArn"), roleArn);
    match(
      textOutput(outputs, "createExternalSchema"),
      new RegExp(`^CREATE EXTERNAL SCHEMA [^]*IAM_ROLE '${roleArn}';$`),
    );
    await laptop.withStack((stack) => stack.preview({ expectNoChanges: true }), config);
  });

  it("has the access log, the dashboard and the saved query where AWS keeps them", async () => {
    const { LoggingEnabled: log } = await aws.s3.send(new GetBucketLoggingCommand({ Bucket: `laptop-${BASE}-data` }));
    deepEqual([log?.TargetBucket, log?.TargetPrefix], [LOGS, `laptop-${BASE}-data/`]);
    const { DashboardBody = "" } = await aws.cloudWatch.send(new GetDashboardCommand({ DashboardName: BASE }));
    match(DashboardBody, /"PartitionsRegistered"/);
    const { NamedQueryIds } = await aws.athena.send(new ListNamedQueriesCommand({ WorkGroup: BASE }));
    equal(NamedQueryIds?.length, 1);
  });
});
