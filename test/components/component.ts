import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../../contract/dataset";
import { namesOf, type Deployment } from "../../contract/names";
import { ACCOUNT, mockEngine, REGION, type Calls, type Registered } from "../support/mocks";

export const deployment: Deployment = {
  ...{ partition: "aws", region: REGION, accountId: ACCOUNT },
  ...{ project: "partitions", stack: "test", bucketPrefix: "my-team" },
};
export const names = namesOf(deployment);

const none: readonly Dataset[] = [];
/** What every component is told of its stack; data is kept unless a test says otherwise. */
export const stack = { deployment, names, datasets: none, mayDestroy: false };

/** The same stack in somebody else's bucket and database. */
export function stackIn(existing: Partial<Deployment>): typeof stack {
  const changed = { ...deployment, ...existing };
  return { ...stack, deployment: changed, names: namesOf(changed) };
}

/** A resource of a component: its inputs, where it stands, and whether a destroy leaves it alone. */
export interface Part extends Registered {
  /** Types from the component down to the resource, as in its URN: `component$resource`. */
  readonly chain: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

/**
 * Makes a component under mocks.
 *
 * @param calls answers to the calls that it makes
 * @returns its resources, without the component itself, sorted by name
 */
export async function partsOf(
  make: (opts: pulumi.ComponentResourceOptions) => unknown,
  calls: Calls = {},
): Promise<Part[]> {
  const registered = await mockEngine({}, calls);
  const seen = new Map<string, Pick<Part, "chain" | "protect" | "retainOnDelete">>();
  // Mocks are not told of protection or parents: what a resource is registered with is seen on its way there.
  const record: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    const { parent, protect = false, retainOnDelete = false } = opts as pulumi.CustomResourceOptions;
    pulumi.all([parent?.urn, protect]).apply(([urn, isProtected]) => {
      const chain = urn === undefined ? type : `${urn.split("::")[2]}$${type}`;
      seen.set(`${type} ${name}`, { chain, retainOnDelete, protect: isProtected === true });
    });
    return undefined;
  };
  make({ transformations: [record] });
  await pulumi.runtime.disconnect();
  return registered
    .filter(({ type }) => !type.startsWith("partitions:"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((each) => {
      const facts = seen.get(`${each.type} ${each.name}`);
      if (!facts) throw new Error(`${each.type} ${each.name} does not belong to the component`);
      return { ...each, ...facts };
    });
}

/** The one part of a name; an error names what there is. */
export function part(parts: readonly Part[], name: string): Part {
  const found = parts.find((each) => each.name === name);
  if (!found) throw new Error(`no resource '${name}' among ${parts.map((each) => each.name).join(", ")}`);
  return found;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy text, by Sid. */
export function statements(policy: unknown): Record<string, Statement> {
  const { Version: version, Statement: list } = JSON.parse(String(policy)) as {
    Version: string;
    Statement: Statement[];
  };
  if (version !== "2012-10-17") throw new Error(`policy version ${version}`);
  return Object.fromEntries(list.map((each) => [each.Sid, each]));
}

/** One or many, as a list. */
export const list = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : [...value];

/** Name → whether a destroy leaves it alone: protected and retained, or neither. */
export const kept = (parts: readonly Part[]): Record<string, boolean | "half"> =>
  Object.fromEntries(
    parts.map(({ name, protect, retainOnDelete }) => [name, protect === retainOnDelete ? protect : "half"]),
  );
