import { deepEqual, equal, ok } from "node:assert/strict";
import { allows } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import { part } from "../components/component";
import { all, features, joined, nested, repaired } from "./datasets";
import { DeployedStack, KEY, PLACES, type RoleName } from "./deployed";
import type { Needed } from "./permissionsOf";
import { leave, ofFunctions, ofRemoval, ofRepair, ofSchedules, ofSpectrum, schedulesOf } from "./needs";
import { jobsOf, ofJob, ofPipeline } from "./services";

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
      const calls = all.flatMap((dataset) => ofFunctions(stack, dataset));
      equal(new Set(calls.map(({ resource }) => resource)).size, 2);
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
      equal(schedulesOf(stack).length, 1 + all.filter(({ schedule }) => schedule !== undefined).length);
      deepEqual(await denied("scheduler", ofSchedules(stack)), []);
    });

    it("derived: Lambda leaves failed calls of the checker in the queue", async () => {
      deepEqual(await denied("checker", leave(stack)), []);
    });

    it("derived: Athena repairs a table in the registrar's name", async () => {
      deepEqual(await denied("registrar", ofRepair(stack, repaired)), []);
    });

    it("derived: who removes partitions finds the table and its folders", async () => {
      deepEqual(await denied("remover", ofRemoval(stack, features)), []);
    });

    it("derived: Redshift reads the table that names it, for a user of this account", async () => {
      deepEqual(await denied("spectrum", ofSpectrum(stack, nested)), []);
      for (const service of ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"])
        equal(
          await stack.assumes("spectrum", service, { "sts:ExternalId": stack.names.redshiftUserArn("lake/analyst") }),
          true,
        );
    });
  });
