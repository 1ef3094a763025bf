import {
  BUCKET_NOTIFICATION,
  EVENT_TARGET,
  FUNCTION,
  FUNCTION_PERMISSION,
  FUNCTION_URL,
  LAYER_PERMISSION,
  SCHEDULE,
  SUBSCRIPTION,
} from "../../../policy/kinds";
import { TOPIC_ARN, QUEUE_ARN } from "./alarms";
import { goodSchedule, target } from "./queries";
import { ACCOUNT, casesOf, change, resource, type Case } from "./case";

const FUNCTION_ARN = `arn:aws:lambda:ap-northeast-1:${ACCOUNT}:function:acme-checker`;

export const goodFunction = () => [
  resource(FUNCTION, "checker", {
    ...{
      name: "acme-checker",
      runtime: "nodejs22.x",
      reservedConcurrentExecutions: 5,
      tracingConfig: { mode: "Active" },
    },
    ...{
      role: "arn:aws:iam::1:role/acme",
      kmsKeyArn: "arn:aws:kms:r:1:key/acme",
      deadLetterConfig: { targetArn: QUEUE_ARN },
    },
    environment: { variables: { STAGE: "dev" } },
    vpcConfig: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
  }),
  resource(FUNCTION_PERMISSION, "call", {
    ...{ action: "lambda:InvokeFunction", function: "acme-checker", principal: "events.amazonaws.com" },
    sourceArn: `arn:aws:events:r:${ACCOUNT}:rule/acme`,
  }),
  resource(FUNCTION_PERMISSION, "put", {
    ...{ action: "lambda:InvokeFunction", function: "acme-checker", principal: "s3.amazonaws.com" },
    sourceArn: "arn:aws:s3:::acme-data",
  }),
  resource(LAYER_PERMISSION, "share", { principal: "*", organizationId: "o-1", action: "lambda:GetLayerVersion" }),
  resource(EVENT_TARGET, "hourly", { rule: "acme-hourly", arn: FUNCTION_ARN }),
];

const dead = (wait: string) =>
  `function 'checker': deadLetterConfig is absent, expected a queue or topic: ${wait} does not wait for it`;
const noDead = () => change(goodFunction, "checker", { deadLetterConfig: undefined });
const lonely = () => noDead().filter(({ name }) => name !== "hourly");

export const functionsCases: Case[] = [
  ...casesOf(
    "aws-lambda-permission-name-source",
    [
      "any source",
      change(goodFunction, "call", { sourceArn: undefined }),
      "permission 'call': allows 'events.amazonaws.com' for anyone, expected sourceArn",
    ],
    [
      "everyone",
      change(goodFunction, "call", { sourceArn: undefined, principal: "*" }),
      "permission 'call': allows '*' for anyone, expected sourceArn",
    ],
    [
      "everyone by any source",
      change(goodFunction, "call", { sourceArn: "*", principal: "*" }),
      "permission 'call': allows '*' by sourceArn \"*\", which is anyone's, expected the ARN or account of one",
    ],
    [
      "any bucket",
      change(goodFunction, "call", { sourceArn: "arn:aws:s3:::*", principal: "s3.amazonaws.com" }),
      "permission 'call': allows 's3.amazonaws.com' by sourceArn \"arn:aws:s3:::*\", which is anyone's, expected the ARN or account of one",
    ],
    [
      "all actions",
      change(goodFunction, "call", { action: "lambda:*", principal: "999999999999", sourceArn: undefined }),
      'permission \'call\': allows "lambda:*", expected "lambda:InvokeFunction"',
    ],
    [
      "a layer to everyone",
      [...goodFunction(), resource(LAYER_PERMISSION, "all", { principal: "*", action: "lambda:GetLayerVersion" })],
      "layer permission 'all': allows '*', expected an account, or an organizationId",
    ],
    [
      "a URL",
      [...goodFunction(), resource(FUNCTION_URL, "url", { functionName: "acme-checker", authorizationType: "NONE" })],
      "function URL 'url' opens the function to the network, expected none",
    ],
  ),
  ...casesOf(
    "aws-lambda-function-use-supported-runtime",
    [
      "an old one",
      change(goodFunction, "checker", { runtime: "nodejs16.x" }),
      'function \'checker\': runtime is "nodejs16.x", expected a supported one, such as "nodejs22.x"',
    ],
    [
      "none",
      change(goodFunction, "checker", { runtime: undefined }),
      "function 'checker': runtime is absent, expected a supported one, such as \"nodejs22.x\"",
    ],
  ),
  ...casesOf(
    "aws-lambda-function-keep-failed-events",
    ["a target", noDead(), dead("target 'hourly'")],
    [
      "a schedule",
      [
        ...lonely(),
        resource(SCHEDULE, "daily", { ...goodSchedule()[0]?.props, target: target({ arn: FUNCTION_ARN }) }),
      ],
      dead("schedule 'daily'"),
    ],
    [
      "a subscription",
      [...lonely(), resource(SUBSCRIPTION, "told", { topic: TOPIC_ARN, protocol: "lambda", endpoint: FUNCTION_ARN })],
      dead("subscription 'told'"),
    ],
    [
      "a notification",
      [
        ...lonely(),
        resource(BUCKET_NOTIFICATION, "put", {
          bucket: "acme",
          lambdaFunctions: [{ lambdaFunctionArn: FUNCTION_ARN, events: [] }],
        }),
      ],
      dead("notification 'put'"),
    ],
  ),
  ...casesOf("aws-lambda-function-reserve-concurrency", [
    "no reserve",
    change(goodFunction, "checker", { reservedConcurrentExecutions: undefined }),
    "function 'checker': reservedConcurrentExecutions is absent, expected a number above the runs at once",
  ]),
  ...casesOf("aws-lambda-function-trace-calls", [
    "no tracing",
    change(goodFunction, "checker", { tracingConfig: undefined }),
    "function 'checker': tracingConfig.mode is absent, expected \"Active\"",
  ]),
  ...casesOf("aws-lambda-function-encrypt-environment", [
    "no key",
    change(goodFunction, "checker", { kmsKeyArn: undefined }),
    "function 'checker': kmsKeyArn is absent, expected a key of this account for its environment",
  ]),
  ...casesOf("aws-lambda-function-hold-no-secret", [
    "a password",
    change(goodFunction, "checker", { environment: { variables: { DB_PASSWORD: "hunter2hunter2" } } }),
    "function 'checker': variable 'DB_PASSWORD' holds DB_PASSWORD, 14 characters, expected the ARN of a secret",
  ]),
  {
    ...{ rule: "aws-lambda-function-stay-in-vpc", what: "one zone", config: { network: "vpc" } },
    resources: change(goodFunction, "checker", { vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [] } }),
    says: ["function 'checker': 1 subnets, expected at least 2"],
  },
];
