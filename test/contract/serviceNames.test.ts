import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { z } from "zod";
import { namesOf, type Deployment } from "../../contract/names";
import { NAME_RULES } from "../../contract/rules/names";
import { ensureVenv } from "../../local/python";

const shape = z.object({ max: z.number(), min: z.number().optional(), pattern: z.string().optional() });
type Shape = z.infer<typeof shape>;

/** Service and shape of each kind of name, in botocore's models: what AWS itself says of its services. */
const SHAPES = {
  pipeline: ["sagemaker", "PipelineName"],
  job: ["sagemaker", "ProcessingJobName"],
  schedule: ["scheduler", "Name"],
  scheduleGroup: ["scheduler", "ScheduleGroupName"],
  rule: ["events", "RuleName"],
  alarm: ["cloudwatch", "AlarmName"],
  role: ["iam", "roleNameType"],
  rolePath: ["iam", "pathType"],
  function: ["lambda", "FunctionName"],
  repository: ["ecr", "RepositoryName"],
  alias: ["kms", "AliasNameType"],
  logGroup: ["logs", "LogGroupName"],
  catalog: ["glue", "NameString"],
} as const;

const SCRIPT = `
import json, sys, botocore.session
session = botocore.session.get_session()
shapes = json.loads(sys.argv[1])
print(json.dumps({kind: session.get_service_model(service).shape_for(name).metadata for kind, (service, name) in shapes.items()}))
`;

describe("names and what the services take, by botocore's models", function () {
  let models: Record<string, Shape>;
  before(async function () {
    this.timeout(300_000);
    const requirements = path.resolve(__dirname, "../requirements.txt");
    const { python } = await ensureVenv({ name: "test", requirements }, console.log);
    const { stdout } = await promisify(execFile)(python, ["-c", SCRIPT, JSON.stringify(SHAPES)]);
    models = z.record(z.string(), shape).parse(JSON.parse(stdout));
  });

  const check = (kind: keyof typeof SHAPES, name: string) => {
    const { max = 0, min = 0, pattern = "[\\s\\S]*" } = models[kind] ?? {};
    ok(name.length >= min && name.length <= max, `${kind} '${name}': ${name.length} characters, ${min} to ${max}`);
    ok(new RegExp(`^(?:${pattern.replaceAll("\\p{IsLetter}", "\\p{L}")})$`, "u").test(name), `${kind} '${name}'`);
  };

  const deployment = fc.record({
    ...{ partition: fc.constant("aws"), region: fc.constant("ap-northeast-1"), accountId: fc.constant("123456789012") },
    project: fc.stringMatching(/^[a-z0-9]{1,12}$/),
    stack: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    bucketPrefix: fc.stringMatching(/^[a-z0-9]{1,30}$/),
  });
  const dataset = fc.stringMatching(/^[a-z]([a-z0-9_]{0,28}[a-z0-9])?$/);

  it("agree for every name that is not refused", () => {
    let made = 0;
    const namesUnlessRefused = (given: Deployment, name: string) => {
      try {
        return namesOf(given, [{ name }]);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(deployment, dataset, (given, name) => {
        const all = namesUnlessRefused(given, name);
        if (!all) return;
        made++;
        const own = all.dataset(name);
        check("pipeline", own.pipeline);
        for (const daysBack of [0, 30]) check("schedule", own.schedule(daysBack));
        check("schedule", all.checkerSchedule);
        check("role", own.jobRole.name);
        // SageMaker adds the execution and ten characters.
        check("job", `${own.jobPrefix}-k2p7hq0d3x9z-AbCdEfGhIj`);
        for (const role of [all.pipelineRole, all.registrarRole, all.dayRole, all.schedulerRole, all.checkerRole])
          check("role", role.name);
        for (const each of [all.day, all.registrar, all.checker]) {
          check("function", each.name);
          check("logGroup", each.logGroup);
        }
        check("scheduleGroup", all.scheduleGroup.name);
        check("rule", all.failedRule.name);
        for (const alarm of [all.lateAlarm, all.undeliveredAlarm]) check("alarm", alarm);
        check("rolePath", all.rolePath);
        check("repository", all.repository);
        check("alias", all.keyAlias);
        check("catalog", all.database);
      }),
    );
    ok(made > 20, `only ${made} names were made`);
  });

  it("agree on databases and tables that are there already", () => {
    const anything = fc.string({ maxLength: 260, unit: "binary-ascii" });
    fc.assert(
      fc.property(fc.oneof(anything, fc.stringMatching(/^[a-z0-9_.-]{1,255}$/)), (name) => {
        for (const rule of [NAME_RULES.existingDatabase, NAME_RULES.existingTable, NAME_RULES.table])
          if (rule.pattern.test(name)) {
            check("catalog", name);
            equal(name, name.toLowerCase());
          }
      }),
    );
  });
});
