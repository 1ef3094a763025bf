import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { isOfSomebody } from "../bounds";
import {
  BUCKET_NOTIFICATION,
  EVENT_TARGET,
  FUNCTION,
  FUNCTION_EVENTS,
  FUNCTION_PERMISSION,
  FUNCTION_URL,
  LAYER_PERMISSION,
  SCHEDULE,
  SUBSCRIPTION,
} from "../kinds";
import { eachOf, inTurn, isGiven, known, onAny, onResource, resourcesOf, show } from "../resources";
import { secretsIn } from "../secrets";
import { namedIn } from "../stackKeys";
import { ALL_ACTIONS } from "../statements";

const GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg";

/** What says for whom a service calls, and whether a value is somebody's. */
const SOURCES = [
  ["sourceArn", (arn) => arn === undefined || isOfSomebody(arn)],
  ["sourceAccount", (account) => account === undefined || /^\d{12}$/.test(account)],
  ["principalOrgId", (id) => id === undefined || /^o-[a-z0-9]+$/.test(id)],
] as const satisfies readonly (readonly [string, (value: string | undefined) => boolean])[];

export const functionNotPublic: ResourceValidationPolicy = {
  name: "aws-lambda-permission-name-source",
  description:
    "Who may call a function or use a layer is named: a service for one resource or account; and no URL leads to it.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Set sourceArn of the aws.lambda.Permission; remove the aws.lambda.FunctionUrl.",
  url: `${GUIDE}/access-control-resource-based.html`,
  tags: ["SecurityHub Lambda.1", "cdk-nag LambdaFunctionPublicAccessProhibited", "CKV_AWS_258", "CKV_AWS_301"].concat([
    "CKV_AWS_364",
    "AVD-AWS-0067",
  ]),
  validateResource: onAny(
    onResource(FUNCTION_PERMISSION, (permission, { name }, report) =>
      inTurn(
        () => {
          const { principal } = permission;
          if (principal !== "*" && !principal.endsWith(".amazonaws.com")) return;
          const given = SOURCES.filter(([property]) => isGiven(() => permission[property]));
          // What is not known yet comes from a resource, which has an account.
          if (given.some(([property, binds]) => binds(known(() => permission[property])))) return;
          const shown = given.map(([property]) => `${property} ${show(permission[property])}`).join(" and ");
          report(
            shown === ""
              ? `permission '${name}': allows '${principal}' for anyone, expected sourceArn`
              : `permission '${name}': allows '${principal}' by ${shown}, which is anyone's, expected the ARN or account of one`,
          );
        },
        () => {
          if (ALL_ACTIONS.test(permission.action))
            report(`permission '${name}': allows ${show(permission.action)}, expected "lambda:InvokeFunction"`);
        },
      ),
    ),
    onResource(LAYER_PERMISSION, ({ principal, organizationId }, { name }, report) => {
      if (principal === "*" && !isGiven(() => organizationId))
        report(`layer permission '${name}': allows '*', expected an account, or an organizationId`);
    }),
    onResource(FUNCTION_URL, (_url, { name }, report) =>
      report(`function URL '${name}' opens the function to the network, expected none`),
    ),
  ),
};

/** Runtimes that AWS updates, as of 2026-11. */
const RUNTIMES = [
  ...["nodejs22.x", "nodejs24.x", "python3.11", "python3.12", "python3.13", "python3.14", "java11", "java17", "java21"],
  ...["java25", "dotnet8", "dotnet9", "dotnet10", "ruby3.3", "ruby3.4", "provided.al2023"],
];

export const functionRuntime: ResourceValidationPolicy = {
  name: "aws-lambda-function-use-supported-runtime",
  description: "A function's runtime still gets security updates.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Move to a newer runtime, or add it to the parameter runtimes.",
  url: `${GUIDE}/lambda-runtimes.html`,
  tags: ["SecurityHub Lambda.2", "cdk-nag AwsSolutions-L1", "CKV_AWS_363"],
  configSchema: { properties: { runtimes: { type: "array", items: { type: "string" } } } },
  validateResource: onResource(FUNCTION, ({ packageType, runtime }, { name, config }, report) => {
    if (packageType === "Image") return;
    const more = Array.isArray(config["runtimes"]) ? config["runtimes"].map(String) : [];
    if (runtime === undefined || ![...RUNTIMES, ...more].includes(runtime))
      report(`function '${name}': runtime is ${show(runtime)}, expected a supported one, such as "nodejs22.x"`);
  }),
};

export const functionFailures: StackValidationPolicy = {
  name: "aws-lambda-function-keep-failed-events",
  description: "A function that others call without waiting keeps the events that it fails on.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set deadLetterConfig, or an aws.lambda.FunctionEventInvokeConfig with a destination onFailure.",
  url: `${GUIDE}/invocation-async-retain-records.html`,
  tags: ["cdk-nag LambdaDLQ", "cdk-nag LambdaAsyncFailureDestination", "CKV_AWS_116"],
  validateStack: (args, report) => {
    const functions = resourcesOf(args, FUNCTION);
    const said = new Set<string>();
    const check = (found: typeof functions, caller: string) =>
      eachOf(found, (each) => {
        if (said.has(each.urn) || isGiven(() => each.props.deadLetterConfig)) return;
        const configs = partsOf(resourcesOf(args, FUNCTION_EVENTS), "functionName", each);
        if (configs.some(({ props }) => isGiven(() => props.destinationConfig?.onFailure))) return;
        said.add(each.urn);
        report(
          `function '${each.name}': deadLetterConfig is absent, expected a queue or topic: ${caller} does not wait for it`,
          each.urn,
        );
      });
    inTurn(
      () =>
        eachOf(resourcesOf(args, EVENT_TARGET), (target) =>
          check(
            namedIn(target, "arn", () => [target.props.arn], functions),
            `target '${target.name}'`,
          ),
        ),
      () =>
        eachOf(resourcesOf(args, SCHEDULE), (schedule) =>
          check(
            namedIn(schedule, "target", () => [schedule.props.target.arn], functions),
            `schedule '${schedule.name}'`,
          ),
        ),
      () =>
        eachOf(resourcesOf(args, SUBSCRIPTION), (subscription) => {
          if (subscription.props.protocol !== "lambda") return;
          const found = namedIn(subscription, "endpoint", () => [subscription.props.endpoint], functions);
          check(found, `subscription '${subscription.name}'`);
        }),
      () =>
        eachOf(resourcesOf(args, BUCKET_NOTIFICATION), (notification) => {
          const called = () => notification.props.lambdaFunctions?.map((each) => each.lambdaFunctionArn);
          check(namedIn(notification, "lambdaFunctions", called, functions), `notification '${notification.name}'`);
        }),
    );
  },
};

export const functionConcurrency: ResourceValidationPolicy = {
  name: "aws-lambda-function-reserve-concurrency",
  description: "A function has reserved concurrency.",
  // Correctness comes from idempotence; the reserve is taken from all other functions of the account.
  enforcementLevel: "disabled",
  severity: "low",
  remediationSteps: "Set reservedConcurrentExecutions above the number of runs at once.",
  url: `${GUIDE}/configuration-concurrency.html`,
  tags: ["cdk-nag LambdaConcurrency", "CKV_AWS_115"],
  validateResource: onResource(FUNCTION, ({ reservedConcurrentExecutions: got }, { name }, report) => {
    if (got === undefined || got < 1)
      report(
        `function '${name}': reservedConcurrentExecutions is ${show(got)}, expected a number above the runs at once`,
      );
  }),
};

export const functionTraced: ResourceValidationPolicy = {
  name: "aws-lambda-function-trace-calls",
  description: "A function's calls are traced by X-Ray.",
  // One quick step of a daily run: its log tells more than a trace.
  enforcementLevel: "disabled",
  severity: "low",
  remediationSteps: "Set tracingConfig.mode to Active, and allow xray:PutTraceSegments to the role.",
  url: `${GUIDE}/services-xray.html`,
  tags: ["SecurityHub Lambda.7", "CKV_AWS_50", "AVD-AWS-0066"],
  validateResource: onResource(FUNCTION, ({ tracingConfig }, { name }, report) => {
    if (tracingConfig?.mode !== "Active")
      report(`function '${name}': tracingConfig.mode is ${show(tracingConfig?.mode)}, expected "Active"`);
  }),
};

export const functionEnvironmentEncrypted: ResourceValidationPolicy = {
  name: "aws-lambda-function-encrypt-environment",
  description: "A function's environment is encrypted by a key of this account.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Set kmsKeyArn.",
  url: `${GUIDE}/configuration-envvars-encryption.html`,
  tags: ["CKV_AWS_173"],
  validateResource: onResource(FUNCTION, (each, { name }, report) => {
    if (isGiven(() => each.environment?.variables) && !isGiven(() => each.kmsKeyArn))
      report(`function '${name}': kmsKeyArn is absent, expected a key of this account for its environment`);
  }),
};

export const functionWithoutSecrets: ResourceValidationPolicy = {
  name: "aws-lambda-function-hold-no-secret",
  description: "A function's environment holds no secret: everybody who may look at the function reads it.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Keep it in Secrets Manager, pass its ARN, and read it in the code.",
  url: `${GUIDE}/configuration-envvars.html`,
  tags: ["CKV_AWS_45"],
  validateResource: onResource(FUNCTION, ({ environment }, { name }, report) => {
    const variables = environment?.variables ?? {};
    eachOf(Object.keys(variables), (variable) => {
      for (const what of secretsIn({ [variable]: variables[variable] }))
        report(`function '${name}': variable '${variable}' holds ${what}, expected the ARN of a secret`);
    });
  }),
};

export const functionInVpc: ResourceValidationPolicy = {
  name: "aws-lambda-function-stay-in-vpc",
  description: "Where the network is a VPC, functions are in it, in two zones at least.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Set vpcConfig with subnets of two zones, or the parameter network to another word.",
  url: `${GUIDE}/configuration-vpc.html`,
  tags: ["SecurityHub Lambda.3", "SecurityHub Lambda.5", "cdk-nag LambdaInsideVPC", "CKV_AWS_117"],
  configSchema: { properties: { network: { type: "string" } } },
  validateResource: onResource(FUNCTION, (each, { name, config }, report) => {
    if (config["network"] !== "vpc") return;
    const subnets = each.vpcConfig?.subnetIds.length ?? 0;
    if (subnets < 2) report(`function '${name}': ${subnets} subnets, expected at least 2`);
  }),
};
