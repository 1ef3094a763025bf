import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { createRequire, isBuiltin } from "node:module";
import { compileFunction } from "node:vm";
import { StepFunction } from "../../components/function";
import { dayPolicy, registrarPolicy } from "../../components/permissions/functions";
import { athenaRepair } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";
import { kept, list, names, part, partsOf, stack, statements, type Part } from "./component";

const make = (entry: "day" | "registrar") =>
  partsOf(
    (opts) =>
      new StepFunction(
        entry,
        {
          ...stack,
          ...{ keyArn: "key-arn", logRetentionDays: 400, entry: `${entry}.ts`, description: "a step" },
          ...{ timeoutSeconds: 600, memoryMiB: 512 },
          function: names[entry],
          role: entry === "day" ? names.dayRole : names.registrarRole,
          permissions: entry === "day" ? dayPolicy(names) : registrarPolicy(names, []),
        },
        opts,
      ),
  );

async function bundleOf(parts: readonly Part[], name: string): Promise<string> {
  const { assets } = part(parts, name).inputs.code as { assets: Promise<Record<string, { text: Promise<string> }>> };
  const files = await assets;
  deepEqual(Object.keys(files), ["index.js"]);
  return (await files["index.js"]?.text) ?? "";
}

/** Runs the bundle as Lambda does. */
function load(bundle: string): { handler?: unknown } {
  const module = { exports: {} };
  const run = compileFunction(bundle, ["module", "exports", "require"]) as (...given: unknown[]) => void;
  run(module, module.exports, createRequire(__filename));
  return module.exports;
}

describe("a Lambda function of the pipelines", () => {
  let registrar: Part[];
  let day: Part[];
  before(async () => {
    registrar = await make("registrar");
    day = await make("day");
  });

  it("is a function, its role, its permissions and its log group", () => {
    deepEqual(
      registrar.map(({ name, chain }) => [name, chain.replace("partitions:components:StepFunction$aws:", "")]),
      [
        ["registrar-function", "lambda/function:Function"],
        ["registrar-logs", "cloudwatch/logGroup:LogGroup"],
        ["registrar-permissions", "iam/rolePolicy:RolePolicy"],
        ["registrar-role", "iam/role:Role"],
      ],
    );
    for (const keeps of Object.values(kept(registrar))) equal(keeps, false);
  });

  it("has the names that the pipelines call and the roles allow", () => {
    equal(part(registrar, "registrar-function").inputs.name, "partitions-test-registrar");
    deepEqual(part(registrar, "registrar-logs").inputs, {
      name: "/aws/lambda/partitions-test-registrar",
      retentionInDays: 400,
      kmsKeyId: "key-arn",
    });
    const { name, path } = part(registrar, "registrar-role").inputs;
    deepEqual([name, path], ["partitions-test-registrar", "/partitions-test/"]);
  });

  it("is assumed by Lambda for this account alone", () => {
    const { Assume: assume } = statements(part(registrar, "registrar-role").inputs.assumeRolePolicy);
    deepEqual(assume?.Principal, { Service: "lambda.amazonaws.com" });
    deepEqual(assume?.Condition, { StringEquals: { "aws:SourceAccount": "123456789012" } });
  });

  it("carries one file that exports the handler, and needs only Node and the SDK that Lambda has", async () => {
    for (const [parts, name] of [
      [registrar, "registrar-function"],
      [day, "day-function"],
    ] as const) {
      const bundle = await bundleOf(parts, name);
      equal(typeof load(bundle).handler, "function");
      const required = [...bundle.matchAll(/require\("([^"]+)"\)/g)].map(([, module = ""]) => module);
      for (const module of required) ok(isBuiltin(module) || module.startsWith("@aws-sdk/client-"), module);
      ok(!bundle.includes("node_modules/@aws-sdk") && !bundle.includes("node_modules/@smithy"), "SDK inside");
    }
  });

  it("has the same bytes for the same sources, whatever the working directory", async () => {
    const before = await bundleOf(registrar, "registrar-function");
    const here = process.cwd();
    process.chdir("/");
    try {
      equal(await bundleOf(await make("registrar"), "registrar-function"), before);
    } finally {
      process.chdir(here);
    }
    ok(!before.includes(here), "a path of this machine is inside");
    notEqual(before, await bundleOf(day, "day-function"));
  });

  it("may create and update partitions of its database, and delete or change nothing", () => {
    const policy = statements(part(registrar, "registrar-permissions").inputs.policy);
    deepEqual(policy.Partitions?.Resource, [
      "arn:aws:glue:ap-northeast-1:123456789012:catalog",
      "arn:aws:glue:ap-northeast-1:123456789012:database/partitions_test",
      "arn:aws:glue:ap-northeast-1:123456789012:table/partitions_test/*",
    ]);
    const actions = Object.values(policy).flatMap(({ Action }) => list(Action));
    for (const action of actions) ok(!/Delete|PutObject|UpdateTable|\*/.test(action), action);
    for (const { Resource, Sid } of Object.values(policy)) ok(!list(Resource).includes("*"), Sid);
  });

  it("may list and read output folders alone, by the stack's key", () => {
    const policy = statements(part(registrar, "registrar-permissions").inputs.policy);
    deepEqual(policy.ListOutput?.Condition, { StringLike: { "s3:prefix": ["*/output/*"] } });
    deepEqual(policy.ReadOutput?.Resource, ["arn:aws:s3:::my-team-partitions-test-data/*/output/*"]);
    deepEqual(policy.DataKeyViaS3?.Condition, {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/partitions-test-data" },
      StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" },
    });
  });

  it("may run statements in a workgroup, and write their answers, where a dataset is registered so", () => {
    const repaired = { ...features, registration: athenaRepair({ workgroup: "lake" }) };
    const policy = statements(JSON.stringify(registrarPolicy(names, [features, repaired])));
    deepEqual(policy.RepairTables?.Resource, ["arn:aws:athena:ap-northeast-1:123456789012:workgroup/lake"]);
    equal(policy.WriteResults?.Resource, "arn:aws:s3:::my-team-partitions-test-data/*/execution/athena/*");
    deepEqual(policy.ResultKeyViaS3?.Action, ["kms:GenerateDataKey"]);
    const plain = statements(JSON.stringify(registrarPolicy(names, [features])));
    const more = Object.keys(policy).filter((sid) => !(sid in plain));
    deepEqual(more, ["RepairTables", "ReadDatabase", "FindResults", "WriteResults", "ResultKeyViaS3"]);
  });

  it("may do nothing but log when it only computes the day", () => {
    const policy = statements(part(day, "day-permissions").inputs.policy);
    deepEqual(Object.keys(policy), ["WriteLogs"]);
    match(list(policy.WriteLogs?.Resource)[0] ?? "", /log-group:\/aws\/lambda\/partitions-test-day:log-stream:\*$/);
  });
});
