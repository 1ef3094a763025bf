import "../operations/plainErrors";
import { Listr, PRESET_TIMER, type ListrTask } from "listr2";
import * as fs from "node:fs";
import * as path from "node:path";
import { databaseName, pipelineName } from "../contract/names";
import { stepLine } from "../operations/commands/run";
import { runCommandLine, UserError } from "../operations/commands/shared";
import { runPipeline } from "../operations/executions";
import { textOutput, Watch, withStack } from "./deploy";
import { resolveEngine, type Engine } from "./engine";
import { enterLaptop } from "./environment";
import { onInterrupt } from "./interrupt";
import { filesBelow } from "./inventory";
import { query } from "./query";
import { clientsFor } from "./runner/clients";
import { scratchFolder } from "./scratch";
import { seed } from "./seed";
import { startServices, type Services } from "./services";
import { LAPTOP, POLL_MS, ROOT } from "./settings";
import { answerTable } from "../operations/commands/tables";

// Before anything else: from here on no setting of the user leads anywhere.
enterLaptop(LAPTOP);

const DATASET = "features";
const DAY = "2021-12-01";
const QUERY = `select process_date_jst, y, count(*) as "rows", round(avg(cast(feature1 as double)), 1) as "avg(feature1)"
  from ${DATASET} where process_date_jst = '${DAY}' group by 1, 2 order by 3 desc`;

interface Journey {
  readonly folder: string;
  readonly interrupted: AbortSignal;
  engine?: Engine;
  services?: Services;
  bucket?: string;
}

/** What must have been set by an earlier task. */
function must<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not there yet`);
  return value;
}

const tasks: ListrTask<Journey>[] = [
  {
    title: "Tools: Pulumi engine, Python environments",
    task: async (journey, task) => {
      journey.engine = await resolveEngine((line) => (task.output = line));
      task.title = `Tools: Pulumi engine ${journey.engine.command.version?.toString() ?? ""} (${journey.engine.source})`;
    },
  },
  {
    title: "Laptop AWS",
    task: async (journey, task) => {
      journey.services = await startServices((line) => (task.output = line));
      task.title = `Laptop AWS listens on ${journey.services.endpoint}`;
    },
  },
  {
    title: "pulumi up, with the policy pack",
    task: async (journey, task) => {
      const watch = new Watch((line) => (task.output = line));
      const { endpoint } = must(journey.services, "the laptop AWS");
      const place = {
        endpoint,
        stateDir: path.join(journey.folder, "state"),
        engine: must(journey.engine, "the engine"),
      };
      const outputs = await withStack(place, (stack) => {
        journey.interrupted.throwIfAborted();
        return watch.over(stack.up({ ...watch, signal: journey.interrupted }));
      });
      journey.bucket = textOutput(outputs, "bucket");
      const advice = watch.warnings.length > 0 ? `, ${watch.warnings.length} advisory notes` : ", no violation";
      task.title = `pulumi up: ${watch.summary()}; policies: ${new Set(watch.problems).size} refused${advice}`;
    },
  },
  {
    title: "Raw data",
    task: async (journey, task) => {
      const files = await seed(must(journey.services, "the laptop AWS").endpoint, must(journey.bucket, "the bucket"));
      task.title = `Raw data: ${files} file(s) of sample data in the raw prefix`;
    },
  },
  {
    title: `SageMaker pipeline for ${DAY}`,
    task: async (journey, task) => {
      const { endpoint } = must(journey.services, "the laptop AWS");
      const result = await runPipeline(clientsFor(endpoint, LAPTOP.region).sagemaker, {
        pipeline: pipelineName(LAPTOP, DATASET),
        processDate: DAY,
        pollMs: POLL_MS,
        signal: journey.interrupted,
        onStep: (step) => {
          if (step.status === "Executing") return;
          task.output = stepLine(step);
        },
      });
      if (result.status !== "Succeeded") throw new UserError(result.failure ?? result.status);
      task.title = `SageMaker pipeline for ${DAY}: ${result.status}`;
    },
    rendererOptions: { outputBar: Infinity, persistentOutput: true },
  },
];

/** A task that was cut short says so, and nothing of what broke underneath. */
function stoppable(each: ListrTask<Journey>): ListrTask<Journey> {
  return {
    ...each,
    task: async (journey, task) => {
      try {
        // The engine hears of an interruption only once it runs.
        journey.interrupted.throwIfAborted();
        await each.task(journey, task);
      } catch (error) {
        throw journey.interrupted.aborted ? new UserError("stopped") : error;
      }
    },
  };
}

/** `npm start`: the whole way once, on this machine, then everything is taken down again. */
async function main(): Promise<void> {
  const journey: Journey = {
    folder: scratchFolder("start"),
    interrupted: onInterrupt(),
  };
  try {
    await new Listr<Journey>(tasks.map(stoppable), {
      ctx: journey,
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    }).run();
    await show(journey);
  } catch (error) {
    if (!journey.interrupted.aborted) throw error;
    return;
  } finally {
    await journey.services?.stop();
    fs.rmSync(journey.folder, { recursive: true, force: true });
  }
  const script = path.relative(ROOT, path.join(ROOT, "datasets", DATASET, "transform.py"));
  console.log(`Everything was taken down again. The script that wrote the partition: ${script}`);
  console.log("To stay and explore: npm run local -- up");
}

async function show(journey: Journey): Promise<void> {
  const { endpoint } = must(journey.services, "the laptop AWS");
  const bucket = must(journey.bucket, "the bucket");
  console.log(`\nIn S3, by the script's local folders alone:`);
  for (const { key, bytes } of await filesBelow(endpoint, bucket, `${DATASET}/output/`))
    console.log(`  s3://${bucket}/${key}  ${bytes.toLocaleString("en")} bytes`);
  console.log(`\nQueried through the registered partition:\n  ${QUERY}`);
  const answer = await query({ endpoint, region: LAPTOP.region, database: databaseName(LAPTOP), sql: QUERY });
  console.log(`${answerTable(answer)}\n`);
}

// An engine that was stopped may leave servers open, which would hold the process.
void runCommandLine(main).then(() => process.exit());
