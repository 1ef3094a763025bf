import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Aws } from "./clients";
import type { Properties } from "./values";

type Invoke = (aws: Aws) => Promise<Properties>;

const INVOKES: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async ({ sts }) => {
    const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
  "aws:index/getPartition:getPartition": async ({ partition }) => ({
    partition,
    id: partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": async ({ region }) => ({
    region,
    id: region,
    name: region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
};

/**
 * Runs a function of the provider.
 *
 * @throws Error for an unknown function, and for arguments: none of the known ones needs any
 */
export async function invoke(token: string, args: Properties, aws: Aws): Promise<Properties> {
  const known = INVOKES[token];
  if (!known)
    throw new Error(`${token} is not a function the laptop AWS supports; add it in local/provider/invokes.ts`);
  const given = Object.keys(args).filter((name) => args[name] !== undefined && args[name] !== null);
  if (given.length > 0) throw new Error(`${token} takes no arguments on the laptop AWS, got ${given.join(", ")}`);
  return known(aws);
}
