import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DescribePipelineCommand } from "@aws-sdk/client-sagemaker";
import * as pulumi from "@pulumi/pulumi";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { INLINE_LIMIT } from "../../components/pipelinePlan";
import { databaseName, pipelineName } from "../../contract/names";
import { features } from "../../datasets/features/dataset";
import { textOutput, Watch } from "../../local/deploy";
import { query } from "../../local/query";
import { seed } from "../../local/seed";
import { LAPTOP } from "../../local/settings";
import { openStack, type LaptopStack } from "../../local/stack";
import { runPipeline } from "../../operations/executions";
import { componentProgram, type ProgramOptions } from "../bench/componentProgram";
import { useStartedLaptop } from "../support/startedLaptop";

const DAY = "2021-12-01";
const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/processing";
const IMAGE = `${REPOSITORY}@sha256:${"0".repeat(64)}`;
/** The one that comes after it. */
const NEXT = `${REPOSITORY}@sha256:${"1".repeat(64)}`;

describe("a definition that goes to S3, on the real engine", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  const pipeline = pipelineName(LAPTOP, "features");
  let bucket: string;

  interface Given extends Partial<ProgramOptions> {
    readonly transformation?: pulumi.ResourceTransformation;
  }

  async function withStack<T>(
    { transformation, ...given }: Given,
    work: (stack: LaptopStack) => Promise<T>,
  ): Promise<T> {
    const stack = await openStack({
      ...{
        engine: laptop.engine,
        endpoint: laptop.endpoint,
        stateDir: laptop.stateDir,
        policyPacks: [LAPTOP.policyPack],
      },
      ...{ stackName: LAPTOP.stack, region: LAPTOP.region, config: LAPTOP.config, projectFile: LAPTOP.projectFile },
      program: async () => {
        if (transformation) pulumi.runtime.registerStackTransformation(transformation);
        return componentProgram({ datasets: [features], imageUri: IMAGE, inlineLimit: 1, ...given })();
      },
    });
    try {
      return await work(stack);
    } finally {
      stack.close();
    }
  }

  const deployed = async (): Promise<string> => {
    const found = await laptop.clients.sagemaker.send(new DescribePipelineCommand({ PipelineName: pipeline }));
    return found.PipelineDefinition ?? "";
  };

  it("is deployed, and the policies see it", async () => {
    await withStack({}, async (stack) => {
      const watch = new Watch();
      bucket = textOutput(await watch.over(stack.up(watch)), "bucket");
      deepEqual([watch.problems, watch.warnings], [[], []]);
    });
    match(await deployed(), /^\{"Metadata":\{\}.*"Name":"extract_step"/);
  });

  it("runs", async () => {
    await seed(laptop.endpoint, bucket);
    const { endpoint } = laptop;
    const run = { pipeline, processDate: DAY, pollMs: 100 };
    const result = await runPipeline(laptop.clients.sagemaker, run);
    equal(result.status, "Succeeded", result.failure);
    const sql = "select count(*) from features";
    const { rows } = await query({ endpoint, region: LAPTOP.region, database: databaseName(LAPTOP), sql });
    ok(Number(rows[0]?.[0]) > 2000);
  });

  it("shows no change when there is none, also after a refresh", async () => {
    await withStack({}, async (stack) => {
      await stack.preview({ expectNoChanges: true });
      await stack.refresh();
      await stack.preview({ expectNoChanges: true });
    });
  });

  it("changes with what is in it, and leaves the old text to the executions that began with it", async () => {
    const before = await deployed();
    await withStack({ imageUri: NEXT }, async (stack) => {
      const changes = await stack.preview();
      deepEqual([changes["update"], changes["replace"]], [1, 1]);
      await stack.up();
    });
    const after = await deployed();
    equal(after, before.replaceAll(IMAGE, NEXT));
    deepEqual((await storedTexts()).sort(), [before, after].sort());
  });

  async function storedTexts(): Promise<string[]> {
    const code = { Bucket: bucket, Prefix: "features/code/" };
    const { Contents: objects = [] } = await laptop.clients.s3.send(new ListObjectsV2Command(code));
    const keys = objects.flatMap(({ Key }) => (Key?.endsWith("/pipeline.json") ? [Key] : []));
    return Promise.all(
      keys.map(async (Key) => {
        const { Body: body } = await laptop.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return (await body?.transformToString()) ?? "";
      }),
    );
  }

  it("is refused by the policies when it breaks a rule", async () => {
    const breaking: pulumi.ResourceTransformation = ({ name, props, opts }) => {
      if (name !== "features-pipeline.json") return undefined;
      const { content } = props as { content: pulumi.Output<string> };
      return { props: { ...props, content: content.apply((text) => text.replaceAll("EndOfJob", "Continuous")) }, opts };
    };
    await withStack({ imageUri: NEXT, transformation: breaking }, async (stack) => {
      const watch = new Watch();
      await rejects(watch.over(stack.preview(watch)), /aws-sagemaker-pipeline-upload-tables-at-end-of-job/);
    });
  });

  it("becomes inline by a new pipeline, and goes back by one that is asked for", async () => {
    const text = await deployed();
    const inline = { imageUri: NEXT, inlineLimit: INLINE_LIMIT };
    await withStack(inline, async (stack) => {
      const watch = new Watch();
      await watch.over(stack.up(watch));
      equal(watch.done.get("replace"), 1, watch.summary());
      equal(await deployed(), text);
    });
    await withStack({ imageUri: NEXT }, async (stack) => {
      await rejects(stack.up(), /exactly one of pipelineDefinition and pipelineDefinitionS3Location/);
      const state = JSON.parse(fs.readFileSync(stateFile(laptop.stateDir), "utf8")) as State;
      const { urn = "" } = state.checkpoint.latest.resources.find(({ type }) => type === PIPELINE) ?? {};
      await stack.up({ replace: [urn] });
      await stack.preview({ expectNoChanges: true });
      equal(await deployed(), text);
    });
  });
});

const PIPELINE = "aws:sagemaker/pipeline:Pipeline";

interface State {
  readonly checkpoint: { readonly latest: { readonly resources: { readonly type: string; readonly urn: string }[] } };
}

const stateFile = (stateDir: string): string =>
  path.join(stateDir, ".pulumi/stacks", LAPTOP.project, `${LAPTOP.stack}.json`);
