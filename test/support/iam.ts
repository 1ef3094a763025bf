import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { PolicyDocument } from "../../components/permissions/statement";
import { ACCOUNT } from "./mocks";

/** A call as IAM judges it. */
export interface Call {
  /** `cloudwatch.amazonaws.com`, or the ARN of a role. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** What the caller and the service send along: `aws:SourceArn`, `aws:SecureTransport`, … */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** The policies that decide about a call. */
export interface Policies {
  /** Of the principal, where it is a role. */
  readonly identity?: PolicyDocument;
  /** Of what is called. */
  readonly resource?: PolicyDocument;
}

/**
 * Whether IAM allows a call, by a simulator of its rules: conditions, denials, service principals, key policies.
 *
 * @throws Error when the simulator cannot judge: a call or a condition key that AWS does not have
 */
export async function allows(
  policies: Policies,
  { principal, action, resource, context = {} }: Call,
): Promise<boolean> {
  const { identity } = policies;
  const result = await runSimulation(
    withPlainNames({
      request: {
        ...{ principal, action },
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { "aws:SecureTransport": "true", ...context },
      },
      identityPolicies: identity === undefined ? [] : [{ name: "identity", policy: identity }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(policies.resource === undefined ? {} : { resourcePolicy: policies.resource }),
    }),
    {},
  );
  if (result.resultType === "error") throw new Error(JSON.stringify(result));
  // An action whose resource may be of several types is judged for each of them, where `*` is asked for.
  const judged = result.resultType === "wildcard" ? result.results : [result.result];
  const ignored = judged.flatMap(({ ignoredContextKeys = [] }) => ignoredContextKeys);
  if (ignored.length > 0) throw new Error(`${action} has no ${ignored.join(", ")}`);
  return result.overallResult === "Allowed";
}

/** A condition key of KMS's actions that no policy here names. */
const STAND_IN = "kms:EncryptionAlgorithm";

/** The simulator does not know the keys of encryption contexts: the one that a call sends along gets another name. */
function withPlainNames(simulation: Simulation): Simulation {
  const sent = Object.keys(simulation.request.contextVariables).find((name) => /^kms:EncryptionContext:/.test(name));
  if (sent === undefined) return simulation;
  return JSON.parse(JSON.stringify(simulation).replaceAll(`"${sent}"`, `"${STAND_IN}"`)) as Simulation;
}
