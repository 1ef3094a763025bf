import { deepEqual, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { ensureVenv } from "../../local/python";
import { ACCOUNT } from "../support/mocks";
import { all } from "./datasets";
import { DeployedStack, EVERYBODY, PLACES } from "./deployed";

const findings = z.array(z.object({ policy: z.string(), issue: z.string(), about: z.string() }));
type Finding = z.infer<typeof findings>[number];

/** What parliament says and what stands all the same; docs/security.md tells it to readers. */
interface Accepted extends Readonly<Record<keyof Finding, RegExp>> {
  readonly reason: string;
}
const ACCEPTED: readonly Accepted[] = [
  {
    policy: /-permissions\.policy$/,
    issue: /^UNKNOWN_CONDITION_FOR_ACTION$/,
    about: /^Unknown condition kms:ResourceAliases for action kms:\w+$/,
    reason: "it belongs to the key, not to the action; parliament looks at the action's own alone",
  },
  {
    policy: /-job-permissions\.policy$/,
    issue: /^CREDENTIALS_EXPOSURE$/,
    about: /^ecr:getauthorizationtoken$/,
    reason: "without a token no image is pulled; it opens what the role may pull anyway",
  },
  {
    policy: /-job-permissions\.policy$/,
    issue: /^PERMISSIONS_MANAGEMENT_ACTIONS$/,
    about: /^(ec2:createnetworkinterfacepermission )?kms:creategrant$/,
    reason:
      "volumes are encrypted by a grant, for AWS services and through SageMaker alone; in a VPC SageMaker gets interfaces",
  },
  {
    policy: /^(day|registrar|checker)-permissions\.policy$/,
    issue: /^UNKNOWN_CONDITION_FOR_ACTION$/,
    about: /^Unknown condition lambda:SourceFunctionArn for action ec2:\w+$/,
    reason: "Lambda sends it with every call of a function's code, to whatever service",
  },
  {
    policy: /^pipelines-permissions\.policy$/,
    issue: /^PERMISSIONS_MANAGEMENT_ACTIONS$/,
    about: /^iam:passrole kms:creategrant$/,
    reason: "a pipeline starts jobs; by condition the stack's job roles, to SageMaker alone",
  },
  {
    policy: /^data-key\.policy$/,
    issue: /^PERMISSIONS_MANAGEMENT_ACTIONS$/,
    about: /^kms:creategrant kms:createkey kms:putkeypolicy kms:retiregrant kms:revokegrant$/,
    reason: "the account administers its key; without it nobody could",
  },
  {
    policy: /^data-key\.policy$/,
    issue: /^RESOURCE_STAR$/,
    about: /kms:/,
    reason: "in a key's policy '*' is the key itself",
  },
  {
    policy: /-role\.assumeRolePolicy$/,
    issue: /^CREDENTIALS_EXPOSURE$/,
    about: /^sts:assumerole$/,
    reason: "a trust policy says who assumes the role, and nothing else",
  },
];

const explains = (accepted: Accepted, finding: Finding): boolean =>
  (["policy", "issue", "about"] as const).every((part) => accepted[part].test(finding[part]));

/** A policy with mistakes that no error of AWS's API would tell: the judge has to see them. */
const MISTAKEN = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "s3:GetObjectt", Resource: "arn:aws:s3:::b/*" },
    { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b" },
    { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Condition: { Bool: { "s3:prefix": "x" } } },
  ],
});

/** Texts of policies in the inputs of a stack's resources: `features-job-role.assumeRolePolicy`. */
function policiesOf(stack: DeployedStack): Record<string, string> {
  const texts = stack.parts.flatMap(({ name, inputs }) =>
    Object.entries(inputs).flatMap(([input, value]) =>
      typeof value === "string" && value.includes(`"Statement"`) ? [[`${name}.${input}`, value] as const] : [],
    ),
  );
  return Object.fromEntries(
    texts.map(([name, policy]) => [name, name.endsWith(".assumeRolePolicy") ? onItself(policy) : policy]),
  );
}

/** A trust policy names no resource, which is the role itself; parliament looks no further without one. */
function onItself(policy: string): string {
  const { Statement, ...document } = JSON.parse(policy) as { Statement: object[] };
  const Resource = `arn:aws:iam::${ACCOUNT}:role/itself`;
  return JSON.stringify({ ...document, Statement: Statement.map((each) => ({ ...each, Resource })) });
}

async function judged(policies: Readonly<Record<string, string>>): Promise<Finding[]> {
  const requirements = path.join(__dirname, "parliament.txt");
  const { python } = await ensureVenv({ name: "parliament", requirements }, console.log);
  const judge = spawn(python, [path.join(__dirname, "judge_policies.py")], { stdio: ["pipe", "pipe", "inherit"] });
  judge.stdin.end(JSON.stringify(policies));
  return findings.parse(JSON.parse(await text(judge.stdout)));
}

describe("policies of the stack, by parliament", function () {
  this.timeout(300_000);
  const found: Record<string, Finding[]> = {};
  before(async () => {
    for (const [title, place] of Object.entries(PLACES)) {
      const policies = policiesOf(await DeployedStack.of(place, all));
      // Two for each role, and those of key, topic and queue at least.
      ok(Object.keys(policies).length >= 2 * EVERYBODY(all).length + 3);
      found[title] = await judged(policies);
    }
  });

  it("are judged by somebody who sees mistakes", async () => {
    const issues = (await judged({ MISTAKEN })).map(({ issue }) => issue);
    deepEqual(issues.sort(), ["MISMATCHED_TYPE_OPERATION_TO_NULL", "RESOURCE_MISMATCH", "UNKNOWN_ACTION"]);
  });

  for (const title of Object.keys(PLACES))
    it(`show nothing that is not accepted, in ${title}`, () => {
      const unexpected = found[title]?.filter((each) => !ACCEPTED.some((accepted) => explains(accepted, each)));
      deepEqual(unexpected, []);
    });

  it("still show all that is accepted", () => {
    const said = Object.values(found).flat();
    deepEqual(
      ACCEPTED.filter((accepted) => !said.some((each) => explains(accepted, each))),
      [],
    );
  });
});
