import { deepEqual, equal, ok } from "node:assert/strict";
import { PipelineRole } from "../../components/pipelineRole";
import { list, names, part, partsOf, stack, statements, type Statement } from "./component";

const make = (...instanceTypes: readonly string[]) =>
  partsOf((opts) => {
    const limits = {
      instanceTypes: instanceTypes.length > 0 ? instanceTypes : ["ml.t3.medium"],
      maxRuntimeSeconds: 3600,
    };
    return new PipelineRole("pipelines", { ...stack, limits }, opts);
  });
const permissions = async (...instanceTypes: readonly string[]): Promise<Record<string, Statement>> =>
  statements(part(await make(...instanceTypes), "pipelines-permissions").inputs.policy);

describe("the pipelines' role", () => {
  it("is a role and its permissions", async () => {
    deepEqual(
      (await make()).map(({ chain }) => chain),
      ["rolePolicy:RolePolicy", "role:Role"].map((type) => `partitions:components:PipelineRole$aws:iam/${type}`),
    );
  });

  it("is assumed by SageMaker for this stack's pipelines alone", async () => {
    const { Assume: assume } = statements(part(await make(), "pipelines-role").inputs.assumeRolePolicy);
    deepEqual(assume?.Principal, { Service: "sagemaker.amazonaws.com" });
    deepEqual(assume?.Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/partitions-test-*" },
    });
  });

  it("starts only jobs of the stack's namespace, isolated, encrypted and within its limits", async () => {
    const { CreateJob: create } = await permissions();
    equal(create?.Resource, "arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job/partitions-test-*");
    deepEqual(create?.Condition, {
      "ForAllValues:StringEquals": { "sagemaker:InstanceTypes": ["ml.t3.medium"] },
      Null: {
        "sagemaker:InstanceTypes": "false",
        "sagemaker:VolumeKmsKeyArn": "false",
        "sagemaker:OutputKmsKeyArn": "false",
      },
      Bool: { "sagemaker:NetworkIsolation": "true" },
      NumericLessThanEquals: { "sagemaker:MaxRuntimeInSeconds": "3600" },
    });
  });

  it("asks for no volume key on instances whose disks take none: IAM would refuse every job", async () => {
    const { CreateJob: other, CreateJobOnOwnDisks: create } = await permissions("ml.m5d.large");
    equal(other, undefined);
    deepEqual(create?.Condition?.Null, { "sagemaker:InstanceTypes": "false", "sagemaker:OutputKmsKeyArn": "false" });
  });

  it("allows every type that a dataset uses, each with the key where its disks take one", async () => {
    const { CreateJob: keyed, CreateJobOnOwnDisks: keyless } = await permissions(
      "ml.m5.xlarge",
      "ml.m5d.large",
      "ml.t3.medium",
    );
    deepEqual(keyed?.Condition?.["ForAllValues:StringEquals"], {
      "sagemaker:InstanceTypes": ["ml.m5.xlarge", "ml.t3.medium"],
    });
    equal(keyed?.Condition?.Null?.["sagemaker:VolumeKmsKeyArn"], "false");
    deepEqual(keyless?.Condition?.["ForAllValues:StringEquals"], { "sagemaker:InstanceTypes": ["ml.m5d.large"] });
    equal(keyless?.Resource, keyed?.Resource);
    deepEqual(keyless?.Condition?.Bool, keyed?.Condition?.Bool);
  });

  it("covers the jobs of every dataset", async () => {
    const { CreateJob: create, PassJobRole: pass } = await permissions();
    const own = names.dataset("daily_features");
    ok(names.jobArn(`${own.pipeline}-abc`).startsWith(list(create?.Resource)[0]?.replace("*", "") ?? "?"));
    const [before = "?", after = "?"] = (list(pass?.Resource)[0] ?? "").split("*");
    ok(own.jobRole.arn.startsWith(before) && own.jobRole.arn.endsWith(after));
  });

  it("passes job roles to SageMaker, and no other role to nobody else", async () => {
    const { PassJobRole: pass } = await permissions();
    equal(pass?.Resource, "arn:aws:iam::123456789012:role/partitions-test/partitions-test-*-job");
    deepEqual(pass?.Condition, { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } });
  });

  it("calls the stack's two functions, and reads no data", async () => {
    const policy = await permissions();
    deepEqual(policy.CallFunctions?.Resource, [names.day.arn, names.registrar.arn]);
    for (const { Action, Resource, Sid } of Object.values(policy)) {
      for (const action of list(Action)) ok(!/^(s3|glue|athena):|\*/.test(action), action);
      ok(!list(Resource).includes("*"), Sid);
    }
  });

  it("grants the key to volumes alone, through SageMaker", async () => {
    const { VolumeKey: volume } = await permissions();
    deepEqual(volume?.Condition, {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/partitions-test-data" },
      StringEquals: { "kms:ViaService": "sagemaker.ap-northeast-1.amazonaws.com" },
      Bool: { "kms:GrantIsForAWSResource": "true" },
    });
  });
});
