import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { NAME_RULES } from "../contract/rules/names";
import { networkOf, networkProblems, type Network, type NetworkSettings } from "../contract/network";
import { type REDSHIFT_KEYS, redshiftProblems, warehouseOf, type Warehouse } from "../contract/redshift";

const switchSchema = z.enum(["true", "false"]).transform((value) => value === "true");
/** Absent where the key is empty: what the value must look like is for the names to say. */
const nameSchema = z.string().transform((value) => value || undefined);
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * The whole configuration of a stack. `Pulumi.yaml` describes each key and holds its default; this checks the values.
 * Every key is required here, so that a default lives in one place.
 */
const schema = z.object({
  bucketPrefix: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/, "lower-case letters, digits and '-', at most 30 characters"),
  expectedAccountId: z.string().regex(/^([0-9]{12}|any)$/, "twelve digits, or 'any'"),
  existingBucket: nameSchema,
  existingBucketKeyArn: nameSchema,
  accessLogBucket: z
    .string()
    .refine((name) => name === "" || NAME_RULES.existingBucket.pattern.test(name), NAME_RULES.existingBucket.rule)
    .transform((value) => value || undefined),
  existingDatabase: nameSchema,
  image: z
    .string()
    .regex(
      /^(build|sha256:[0-9a-f]{64}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/,
      "'build', a digest 'sha256:<64 hex digits>', or a tag",
    ),
  instanceType: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, "a SageMaker instance type such as 'ml.t3.medium'"),
  instanceCount: z.coerce.number().int().min(1).max(100),
  volumeSizeGiB: z.coerce.number().int().min(1).max(16_384),
  maxRuntimeSeconds: z.coerce.number().int().min(1).max(777_600),
  alarmEmail: z
    .string()
    .regex(/^$|^[^@\s]+@[^@\s]+\.[^@\s]+$/, "an e-mail address, or empty")
    .transform((value) => value || undefined),
  runbookUrl: z
    .string()
    // It stands in alarms, whose texts end at 1,024 bytes.
    .regex(/^$|^https?:\/\/[!$-;=?-~]{1,500}$/, "a URL of at most 500 ASCII characters without '#', or empty")
    .transform((value) => value || undefined),
  scanLimitGiB: z.coerce.number().int().min(1).max(1_000_000),
  removerPrincipalArn: z
    .string()
    .regex(/^$|^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/, "the ARN of an IAM role or user, or empty")
    .transform((value) => value || undefined),
  redshiftWorkgroup: nameSchema,
  redshiftCluster: nameSchema,
  redshiftDatabase: nameSchema,
  redshiftSecretArn: z
    .string()
    .regex(/^$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S+$/, "the ARN of a secret, or empty")
    .transform((value) => value || undefined),
  // Checked together, by networkProblems.
  network: z.string(),
  subnetIds: z.string(),
  securityGroupIds: z.string(),
  permissionsBoundaryArn: z
    .string()
    .regex(/^$|^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy\/[\w+=,.@/-]+$/, "the ARN of a managed policy, or empty")
    .transform((value) => value || undefined),
  logRetentionDays: z.coerce.number().refine((days) => LOG_RETENTION_DAYS.includes(days), {
    message: `one of ${LOG_RETENTION_DAYS.join(", ")}`,
  }),
  ephemeral: switchSchema,
  destroyData: switchSchema,
});

type Parsed = z.infer<typeof schema>;

export type StackConfig = Omit<Parsed, keyof NetworkSettings | (typeof REDSHIFT_KEYS)[number]> & {
  readonly network: Network;
  /** Where Redshift's external schema is made; absent: nowhere. */
  readonly warehouse: Warehouse | undefined;
};

/**
 * Reads and checks the stack's configuration: the only reader of `pulumi.Config`.
 *
 * @throws pulumi.RunError that names every wrong key, its value and the stack file
 */
export function readConfig(): StackConfig {
  const config = new pulumi.Config();
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((key): [string, string | undefined] => [key, config.get(key)]),
  );
  const parsed = schema.safeParse(given);
  const { network, subnetIds, securityGroupIds } = given;
  const isWhole = network !== undefined && subnetIds !== undefined && securityGroupIds !== undefined;
  const ofNetwork = isWhole ? networkProblems({ network, subnetIds, securityGroupIds }) : [];
  const ofRedshift = redshiftProblems(given);
  if (parsed.success && ofNetwork.length + ofRedshift.length === 0) {
    const { network, subnetIds, securityGroupIds, ...others } = parsed.data;
    const { redshiftWorkgroup, redshiftCluster, redshiftDatabase, redshiftSecretArn, ...rest } = others;
    const redshift = { redshiftWorkgroup, redshiftCluster, redshiftDatabase, redshiftSecretArn };
    return {
      ...rest,
      network: networkOf({ network, subnetIds, securityGroupIds }),
      warehouse: warehouseOf(redshift),
    };
  }
  const issues = (parsed.error?.issues ?? []).map(({ path, message }) => ({ key: String(path[0]), message }));
  const problems = [...issues, ...ofNetwork, ...ofRedshift].map(({ key, message }) => {
    const value = given[key];
    return value === undefined
      ? `  - ${config.name}:${key} is not set; run: pulumi config set ${key} VALUE`
      : `  - ${config.name}:${key} is '${value}': ${message}`;
  });
  throw new pulumi.RunError(
    `configuration of stack '${pulumi.getStack()}' (Pulumi.${pulumi.getStack()}.yaml):\n${problems.join("\n")}`,
  );
}
