import assert from "node:assert/strict";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import {
  CreatePipelineCommand,
  DescribePipelineCommand,
  UpdatePipelineCommand,
  type CreatePipelineCommandInput,
  type PipelineDefinitionS3Location,
} from "@aws-sdk/client-sagemaker";
import { useLaptop } from "./laptop";

const definition = (message: string) =>
  JSON.stringify({
    Version: "2020-12-01",
    Steps: [{ Name: "stop", Type: "Fail", Arguments: { ErrorMessage: message } }],
  });

describe("a pipeline whose definition is in S3", function () {
  this.timeout(120_000);
  const laptop = useLaptop();
  const KEY = "code/pipeline.json";
  const place: PipelineDefinitionS3Location = { Bucket: "data", ObjectKey: KEY };
  const roleArn = "arn:aws:iam::123456789012:role/laptop";

  const create = (name: string, given: Partial<CreatePipelineCommandInput>) =>
    laptop.sm.send(
      new CreatePipelineCommand({
        ...{ PipelineName: name, RoleArn: roleArn, ClientRequestToken: "token".repeat(8) },
        ...given,
      }),
    );
  const shown = async (name: string) =>
    (await laptop.sm.send(new DescribePipelineCommand({ PipelineName: name }))).PipelineDefinition;

  before(async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await laptop.s3.send(new PutBucketVersioningCommand({ Bucket: "data", VersioningConfiguration }));
  });

  it("is shown as text, and run", async () => {
    await laptop.put(KEY, definition("日本語 first"));
    await create("stored", { PipelineDefinitionS3Location: place });
    assert.equal(await shown("stored"), definition("日本語 first"));
    const { execution, steps } = await laptop.ended(await laptop.start("stored"));
    assert.equal(execution.PipelineExecutionStatus, "Failed");
    assert.match(steps["stop"]?.FailureReason ?? "", /日本語 first/);
  });

  it("keeps the text that it was made with, whatever happens to the object", async () => {
    await laptop.put(KEY, definition("second"));
    assert.equal(await shown("stored"), definition("日本語 first"));
    await laptop.sm.send(new UpdatePipelineCommand({ PipelineName: "stored", PipelineDefinitionS3Location: place }));
    assert.equal(await shown("stored"), definition("second"));
  });

  it("is the version that is named, not the newest", async () => {
    const { VersionId: old } = await laptop.put(KEY, definition("old"));
    await laptop.put(KEY, definition("new"));
    await create("versioned", { PipelineDefinitionS3Location: { ...place, VersionId: old } });
    assert.equal(await shown("versioned"), definition("old"));
  });

  for (const [what, body, location, reason] of [
    ["no object there", undefined, { ObjectKey: "code/none.json" }, /s3:\/\/data\/code\/none.json cannot be read/],
    ["no such bucket", undefined, { Bucket: "elsewhere" }, /s3:\/\/elsewhere\/code\/pipeline.json cannot be read/],
    ["no such version", "{}", { VersionId: "none" }, /\(version none\) cannot be read/],
    ["no JSON", "{", {}, /is none: the pipeline definition is not JSON/],
    ["no definition", "{}", {}, /is none: Version/],
    ["too long", definition("x".repeat(1_048_577)), {}, /has 10\d{5} characters; at most 1048576/],
    ["no name of a bucket", undefined, { Bucket: "Data" }, /PipelineDefinitionS3Location.Bucket/],
  ] as const)
    it(`is refused when there is ${what}, and leaves no pipeline`, async () => {
      if (body !== undefined) await laptop.put(KEY, body);
      const made = create("refused", { PipelineDefinitionS3Location: { ...place, ...location } });
      await assert.rejects(made, { name: "ValidationException", message: reason });
      await assert.rejects(shown("refused"), /could not find/i);
    });

  it("is refused beside an inline definition", async () => {
    const made = create("both", { PipelineDefinitionS3Location: place, PipelineDefinition: definition("x") });
    await assert.rejects(made, /Both/);
  });
});
