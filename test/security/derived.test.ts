import { deepEqual, equal, ok } from "node:assert/strict";
import type { Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import { allows } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import { part } from "../components/component";
import { all, features, joined, repaired } from "./datasets";
import { DeployedStack, KEY, PLACES, type RoleName } from "./deployed";
import type { Needed } from "./permissionsOf";
import { jobsOf, ofJob, ofPipeline, text } from "./services";

const SERVICES = { pipeline: "sagemaker", registrar: "lambda", day: "lambda", checker: "lambda" } as const;

for (const [title, place] of Object.entries(PLACES))
  describe(`what services do with the roles, derived from the definition, in ${title}`, () => {
    let stack: DeployedStack;
    before(async function () {
      this.timeout(60_000);
      stack = await DeployedStack.of(place, all);
    });

    async function denied(role: RoleName, needed: readonly Needed[]): Promise<string[]> {
      const texts: string[] = [];
      for (const each of needed) if (!(await stack.may(role, each))) texts.push(`${role}: ${JSON.stringify(each)}`);
      return texts;
    }

    it("derived: SageMaker starts, watches and stops every job, and passes its role", async function () {
      this.timeout(60_000);
      for (const dataset of all)
        for (const job of jobsOf(stack, dataset)) deepEqual(await denied("pipeline", ofPipeline(stack, job)), []);
    });

    it("derived: every job reads its inputs, writes its outputs, pulls its image and logs", async function () {
      this.timeout(60_000);
      let inputs = 0;
      for (const dataset of all)
        for (const job of jobsOf(stack, dataset)) {
          const needed = ofJob(stack, job);
          inputs += needed.filter(({ action }) => action === "s3:GetObject").length;
          deepEqual(await denied(`job of ${dataset.name}`, needed), []);
        }
      // Two steps with a script, dataset.json and an input each; the first of `joined` has four inputs more.
      equal(inputs, all.length * 6 + 4);
      const [first] = jobsOf(stack, joined);
      ok(first && ofJob(stack, first).some(({ resource }) => resource.startsWith("arn:aws:s3:::their-bucket/master/")));
    });

    it("derived: SageMaker, Lambda and the scheduler assume the roles for what is this stack's", async () => {
      const { names } = stack;
      const own = (arn?: string) => ({ "aws:SourceAccount": ACCOUNT, ...(arn ? { "aws:SourceArn": arn } : {}) });
      for (const [role, service] of Object.entries(SERVICES)) {
        const arn = role === "pipeline" ? names.pipelineArn(names.dataset("features").pipeline) : undefined;
        equal(await stack.assumes(role as RoleName, `${service}.amazonaws.com`, own(arn)), true, role);
      }
      equal(await stack.assumes("scheduler", "scheduler.amazonaws.com", own(names.scheduleGroup.arn)), true);
      for (const dataset of all)
        for (const arn of jobsOf(stack, dataset).flatMap(({ arns }) => arns))
          equal(await stack.assumes(`job of ${dataset.name}`, "sagemaker.amazonaws.com", own(arn)), true, arn);
    });

    it("derived: pipelines call the functions of their steps", async () => {
      const functions = all.flatMap((dataset) => stack.steps(dataset).flatMap(({ FunctionArn }) => FunctionArn ?? []));
      equal(new Set(functions).size, 2);
      const calls = functions.map((arn) => ({ action: "lambda:InvokeFunction", resource: text(arn) }));
      deepEqual(await denied("pipeline", calls), []);
    });

    it("derived: functions log, into groups that CloudWatch encrypts", async () => {
      for (const name of ["day", "registrar", "checker"] as const) {
        const group = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${String(part(stack.parts, `${name}-logs`).inputs["name"])}`;
        const stream = `${group}:log-stream:2021/12/01/[$LATEST]0123456789abcdef`;
        const calls = ["CreateLogStream", "PutLogEvents"].map((each) => ({ action: `logs:${each}`, resource: stream }));
        deepEqual(await denied(name, calls), []);
        const call = { principal: `logs.${REGION}.amazonaws.com`, action: "kms:GenerateDataKey", resource: KEY };
        const key = stack.policyOf(KEY);
        ok(key);
        const context = { "kms:EncryptionContext:aws:logs:arn": group };
        equal(await allows({ resource: key }, { ...call, context }), true, name);
      }
    });

    it("derived: schedules start their pipelines and the checker, and leave what cannot be delivered", async () => {
      const schedules = stack.parts.filter(({ type }) => type === "aws:scheduler/schedule:Schedule");
      equal(schedules.length, 1 + all.filter(({ schedule }) => schedule !== undefined).length);
      for (const { inputs } of schedules) {
        const { arn, input } = inputs["target"] as { arn: string; input: string };
        const { PipelineName: pipeline } = JSON.parse(input) as { PipelineName?: string };
        const start =
          pipeline === undefined
            ? { action: "lambda:InvokeFunction", resource: arn }
            : { action: "sagemaker:StartPipelineExecution", resource: stack.names.pipelineArn(pipeline) };
        const itself = stack.names.scheduleArn(String(inputs["name"]));
        const told = { "kms:ResourceAliases": [stack.names.keyAlias] };
        const read = { ...told, "kms:EncryptionContext:aws:scheduler:schedule:arn": itself };
        deepEqual(
          await denied("scheduler", [start, { action: "kms:Decrypt", resource: KEY, context: read }, ...leave(stack)]),
          [],
        );
      }
    });

    it("derived: Lambda leaves failed calls of the checker in the queue", async () => {
      deepEqual(await denied("checker", leave(stack)), []);
    });

    it("derived: Athena repairs a table in the registrar's name", async () => {
      deepEqual(await denied("registrar", ofRepair(stack, repaired)), []);
    });

    it("derived: who removes partitions finds the table and its folders", async () => {
      const { names } = stack;
      const { outputPrefix } = addresses(features, names.bucket);
      const list = { action: "s3:ListBucket", resource: names.bucketArn, context: { "s3:prefix": outputPrefix } };
      const find = {
        action: "sagemaker:DescribePipeline",
        resource: names.pipelineArn(names.dataset("features").pipeline),
      };
      const at = [names.catalogArn, names.databaseArn, names.tableArn("features")];
      const glue = ["GetTable", "GetPartitions", "BatchGetPartition", "BatchDeletePartition"].flatMap((action) =>
        at.map((resource) => ({ action: `glue:${action}`, resource })),
      );
      deepEqual(await denied("remover", [list, find, ...glue]), []);
    });
  });

function leave(stack: DeployedStack): Needed[] {
  return [
    { action: "sqs:SendMessage", resource: stack.names.undelivered.arn },
    ...["kms:GenerateDataKey", "kms:Decrypt"].map((action) => stack.useOfStackKey(action, "sqs")),
  ];
}

/** By Athena's user guide: fine-grained-access-to-glue-resources, and access to the place of its answers. */
function ofRepair(stack: DeployedStack, dataset: Dataset): Needed[] {
  const { names } = stack;
  const { outputPrefix, executionPrefix } = addresses(dataset, names.bucket);
  const answer = names.objectArn(`${executionPrefix}athena/11111111.txt`);
  const database = [names.catalogArn, names.databaseArn];
  const glue = (action: string, arns: readonly string[]) =>
    arns.map((resource) => ({ action: `glue:${action}`, resource }));
  return [
    ...glue("GetDatabase", [...database, `arn:aws:glue:${REGION}:${ACCOUNT}:database/default`]),
    ...["GetTable", "GetPartitions", "BatchCreatePartition"].flatMap((action) =>
      glue(action, [...database, names.tableArn(dataset.name)]),
    ),
    { action: "s3:ListBucket", resource: names.bucketArn, context: { "s3:prefix": outputPrefix } },
    { action: "s3:GetBucketLocation", resource: names.bucketArn },
    { action: "s3:ListBucketMultipartUploads", resource: names.bucketArn },
    ...["PutObject", "GetObject", "AbortMultipartUpload", "ListMultipartUploadParts"].map((action) => ({
      ...{ action: `s3:${action}`, resource: answer },
    })),
    stack.useOfDataKey("kms:Decrypt"),
  ];
}
