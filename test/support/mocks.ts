import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const ACCOUNT = "123456789012";
export const REGION = "ap-northeast-1";

/** Answers to calls, by token. */
export type Calls = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What the mocked engine answers to the calls a program makes; any other call is an error. */
const CALLS: Calls = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/test`,
    userId: "test",
  },
  "aws:index/getRegion:getRegion": { region: REGION, id: REGION },
  "aws:index/getPartition:getPartition": { partition: "aws", id: "aws" },
  "aws:s3/getBucket:getBucket": { bucketRegion: REGION },
};

/**
 * Mocks the engine and records every registration. Ids come from the logical name, as physical names may be absent.
 *
 * @param config configuration without the project's prefix, on top of Pulumi.yaml's defaults (which mocks do not read)
 * @param calls answers beside the usual ones
 */
export async function mockEngine(
  config: Readonly<Record<string, string>> = {},
  calls: Calls = {},
  stack = "test",
): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        const known = inputs as Record<string, unknown>;
        const arn = `arn:aws:mock:${REGION}:${ACCOUNT}:${type}/${name}`;
        return {
          id: `${name}-id`,
          state: {
            ...known,
            arn,
            keyId: `${name}-key`,
            url: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${name}`,
            imageUri: `image-of-${name}`,
            versionId: `${name}-v1`,
          },
        };
      },
      call: ({ token }) => {
        const answer = calls[token] ?? CALLS[token];
        if (!answer) throw new Error(`no mock for call '${token}'`);
        return answer;
      },
    },
    "partitions",
    stack,
    false,
  );
  const own = { bucketPrefix: "test", expectedAccountId: "any", alarmEmail: "night@example.com" };
  const values = { ...defaults(), ...own, ...config };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`partitions:${key}`, value])),
  );
  return registered;
}

function defaults(): Record<string, string> {
  const project = load(readFileSync(path.resolve(__dirname, "../../Pulumi.yaml"), "utf8")) as {
    config: Record<string, { default?: string | number | boolean }>;
  };
  return Object.fromEntries(
    Object.entries(project.config).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[key.replace("partitions:", ""), String(value)]],
    ),
  );
}

/** Waits until an output, and all that it depends on, is resolved. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

/** The one resource of a type and name; an error names what there is. */
export function found(registered: readonly Registered[], type: string, name: string): Registered {
  const resource = registered.find((each) => each.type === type && each.name === name);
  if (!resource)
    throw new Error(`no ${type} '${name}' among:\n${registered.map((each) => `${each.type} ${each.name}`).join("\n")}`);
  return resource;
}
