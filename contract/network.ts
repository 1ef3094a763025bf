import type { Network as JobNetwork } from "./pipeline/processors";
import { repeated } from "./problems";

/**
 * Where the jobs and functions of a stack run.
 *
 * - `isolated`: jobs have no network at all; functions run in Lambda's own.
 * - `vpc`: jobs are isolated as well, and SageMaker moves their data through these subnets; functions run in them.
 * - `open`: jobs reach the internet and AWS, with the rights of their role.
 */
export type Network = { readonly mode: "isolated" | "open" } | Vpc;

/** Subnets of one VPC, and the security groups of what runs in them. */
export interface Vpc {
  readonly mode: "vpc";
  /** 1 to 16. */
  readonly subnetIds: readonly string[];
  /** 1 to 5. */
  readonly securityGroupIds: readonly string[];
}

export const ISOLATED: Network = { mode: "isolated" };

const MODES = ["isolated", "vpc", "open"] as const;

/** The settings of a stack that a network is made of, as texts. */
export type NetworkSettings = Readonly<Record<"network" | "subnetIds" | "securityGroupIds", string>>;

/** What both SageMaker and Lambda take (VpcConfig, API references of both). */
const IDS = {
  subnetIds: { most: 16, what: "subnets", pattern: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, like: "subnet-0a1b2c3d" },
  securityGroupIds: {
    most: 5,
    what: "security groups",
    pattern: /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    like: "sg-0a1b2c3d",
  },
} as const;

/** A list as `pulumi config set` makes it easy, `a,b`, or as a stack's file holds one, which arrives as JSON. */
function listOf(text: string): readonly string[] {
  if (text.trim().startsWith("[")) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list.map(String);
    } catch {
      // Then its parts are no ids, which the message shows.
    }
  }
  return text.split(",").flatMap((part) => part.trim() || []);
}

/** The network that settings without a problem mean. */
export function networkOf({ network, subnetIds, securityGroupIds }: NetworkSettings): Network {
  const mode = MODES.find((each) => each === network) ?? "isolated";
  if (mode !== "vpc") return { mode };
  return { mode, subnetIds: listOf(subnetIds), securityGroupIds: listOf(securityGroupIds) };
}

/** What is wrong with the settings, each with the key it concerns. */
export function networkProblems(settings: NetworkSettings): { readonly key: string; readonly message: string }[] {
  const { network } = settings;
  const known = MODES.some((mode) => mode === network);
  const problems = known ? [] : [{ key: "network", message: `one of ${MODES.join(", ")}` }];
  for (const key of ["subnetIds", "securityGroupIds"] as const) {
    const { most, what, pattern, like } = IDS[key];
    const ids = listOf(settings[key]);
    const add = (message: string) => problems.push({ key, message });
    const wrong = ids.filter((id) => !pattern.test(id));
    if (wrong.length > 0) add(`ids such as '${like}', got '${wrong.join("', '")}'`);
    const twice = repeated(ids);
    if (twice.length > 0) add(`name each once, '${twice.join("', '")}' occurs twice`);
    if (ids.length > most) add(`at most ${most} ${what}, got ${ids.length}`);
    if (known && network === "vpc" && ids.length === 0)
      add(`network 'vpc' needs 1 to ${most} ${what}; run: pulumi config set ${key} ${like},…`);
    if (known && network !== "vpc" && ids.length > 0)
      add(`of no use with network '${network}'; set network to 'vpc', or run: pulumi config rm ${key}`);
  }
  return problems;
}

/** Whether scripts have no network of their own: SageMaker itself moves their data. */
export function isIsolated({ mode }: Network): boolean {
  return mode !== "open";
}

/** The network of a processing job. */
export function jobNetwork(network: Network = ISOLATED): JobNetwork {
  const isolation = isIsolated(network);
  if (network.mode !== "vpc") return { isolation };
  return { isolation, subnets: network.subnetIds, securityGroupIds: network.securityGroupIds };
}
