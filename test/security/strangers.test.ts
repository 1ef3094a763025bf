import { equal } from "node:assert/strict";
import { ACCOUNT, REGION } from "../support/mocks";
import { all } from "./datasets";
import { DeployedStack, EVERYBODY, PERSON, PLACES, type RoleName } from "./deployed";
import type { Needed } from "./permissionsOf";
import { EXECUTION_ID } from "./services";

const OTHER = "999999999999";

/** Who must not assume a role: the service for somebody else, and whoever has no part in it. */
function strangers(
  stack: DeployedStack,
): (readonly [role: RoleName, what: string, who: string, told: Needed["context"]])[] {
  const { names } = stack;
  const job = (name: string) =>
    `arn:aws:sagemaker:${REGION}:${ACCOUNT}:processing-job/${name}-${EXECUTION_ID}-tmgxry49ug-0`;
  const from = (arn: string, account = ACCOUNT) => ({ "aws:SourceAccount": account, "aws:SourceArn": arn });
  const away = (arn: string) => from(arn.replaceAll(ACCOUNT, OTHER), OTHER);
  const [sagemaker, lambda, scheduler] = ["sagemaker", "lambda", "scheduler"].map(
    (name) => `${name}.amazonaws.com`,
  ) as [string, string, string];
  const pipeline = names.pipelineArn("partitions-test-features");
  return [
    ["job of a", "a job of a dataset that begins alike", sagemaker, from(job("partitions-test-a-bJ"))],
    ["job of a", "the same in lower case", sagemaker, from(job("partitions-test-a-bj"))],
    ["job of a", "another dataset's job", sagemaker, from(job("partitions-test-featuresJ"))],
    ["job of a", "another stack's job", sagemaker, from(job("partitions-prod-aJ"))],
    ["job of a", "another account's job", sagemaker, away(job("partitions-test-aJ"))],
    ["job of a", "another account's job that names this one", sagemaker, from(job("partitions-test-aJ"), OTHER)],
    ["job of a", "SageMaker, for nothing that it names", sagemaker, { "aws:SourceAccount": ACCOUNT }],
    ["job of a", "a pipeline", sagemaker, from(pipeline)],
    ["job of a", "Lambda", lambda, from(job("partitions-test-aJ"))],
    ["pipeline", "another account's pipeline", sagemaker, away(pipeline)],
    ["pipeline", "another stack's pipeline", sagemaker, from(pipeline.replace("-test-", "-prod-"))],
    ["pipeline", "a stack that begins alike", sagemaker, from(pipeline.replace("-test-", "-test2-"))],
    ["pipeline", "a job", sagemaker, from(job("partitions-test-aJ"))],
    ...(["registrar", "day", "checker"] as const).flatMap((role) => [
      [role, "another account's function", lambda, { "aws:SourceAccount": OTHER }] as const,
      [role, "Lambda, for no account that it names", lambda, {}] as const,
      [role, "SageMaker", sagemaker, { "aws:SourceAccount": ACCOUNT }] as const,
    ]),
    ["scheduler", "another account's schedules", scheduler, away(names.scheduleGroup.arn)],
    ["scheduler", "another group", scheduler, from(`${names.scheduleGroup.arn}2`)],
    [
      "spectrum",
      "another account's user",
      "redshift.amazonaws.com",
      { "sts:ExternalId": names.redshiftUserArn("a/b").replace(ACCOUNT, OTHER) },
    ],
    ["spectrum", "Redshift, for no user that it names", "redshift.amazonaws.com", {}],
    ["spectrum", "Lambda", lambda, { "sts:ExternalId": names.redshiftUserArn("a/b") }],
    ["remover", "Lambda", lambda, { "aws:SourceAccount": ACCOUNT }],
    ["remover", "another person", `${PERSON}-too`, {}],
    ["remover", "somebody of that name in another account", PERSON.replace(ACCOUNT, OTHER), {}],
    ...EVERYBODY(all).map(
      (role) => [role, "a role of another account", `arn:aws:iam::${OTHER}:role/admin`, {}] as const,
    ),
  ];
}

for (const [title, place] of Object.entries(PLACES))
  describe(`who must not assume a role, in ${title}`, function () {
    this.timeout(60_000);
    let stack: DeployedStack;
    before(async () => {
      stack = await DeployedStack.of(place, all);
    });

    it("is refused, row by row", async () => {
      for (const [role, what, who, told] of strangers(stack))
        equal(await stack.assumes(role, who, told), false, `${role}: ${what}`);
    });
  });
