import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopback } from "../../local/environment";
import { awsAt } from "../../local/provider/clients";
import { clientsFor } from "../../local/runner/clients";

const ROOT = join(__dirname, "../..");
const ARN = "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/p/execution/abcdefghijkl";
const IDENTITY = { id: "one", pid: process.pid };

/** What the laptop AWS answers to a run; a request to any other operation gets an error. */
const ANSWERS: Record<string, unknown> = {
  "SageMaker.DescribePipeline": { PipelineArn: ARN, PipelineDefinition: '{"Steps":[]}' },
  "SageMaker.StartPipelineExecution": { PipelineExecutionArn: ARN },
  "SageMaker.DescribePipelineExecution": { PipelineExecutionArn: ARN, PipelineExecutionStatus: "Succeeded" },
  "SageMaker.ListPipelineExecutionSteps": { PipelineExecutionSteps: [] },
};

describe("whatever the user's environment says, the laptop talks to itself alone", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "isolation-"));
  const servers: Server[] = [];
  const seen = { laptop: [] as string[], decoy: [] as string[] };
  let laptop: string;
  let decoy: string;

  async function listen(answer: (target: string, url: string) => unknown, requests: string[]): Promise<string> {
    const server = createServer((req, res) => {
      const target = String(req.headers["x-amz-target"] ?? "");
      requests.push(`${target || req.url} ${String(req.headers.authorization ?? "")}`);
      req.resume().on("end", () => {
        const body = answer(target, req.url ?? "");
        res.writeHead(body === undefined ? 400 : 200, { "Content-Type": "application/x-amz-json-1.1" });
        res.end(JSON.stringify(body ?? { __type: "ValidationException", message: target }));
      });
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  before(async () => {
    laptop = await listen((target, url) => (url === "/_laptop" ? IDENTITY : ANSWERS[target]), seen.laptop);
    const keys = { AccessKeyId: "REAL", SecretAccessKey: "REAL", Token: "REAL", Expiration: "2099-01-01T00:00:00Z" };
    decoy = await listen(() => keys, seen.decoy);
    const text = "[profile real]\nregion = us-east-1\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n";
    writeFileSync(join(folder, "config"), text);
    writeFileSync(join(folder, "services.json"), JSON.stringify({ ...IDENTITY, endpoint: laptop }));
  });

  after(() => {
    for (const server of servers) server.close().closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  const hostile = (): Record<string, string> => ({
    AWS_PROFILE: "real",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${decoy}/keys`,
    AWS_ENDPOINT_URL: decoy,
    AWS_ENDPOINT_URL_SAGEMAKER: decoy,
    AWS_ENDPOINT_URL_S3: decoy,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_REGION: "us-east-1",
    AWS_SESSION_TOKEN: "REAL",
  });

  it("in `local -- run`", async () => {
    const own = { ...process.env };
    delete own["AWS_CA_BUNDLE"];
    const args = ["--require", "tsx/cjs", "local/cli.ts", "run", "features", "--process-date", "2021-12-01"];
    const env = { ...own, ...hostile(), PARTITIONS_LAPTOP_DIR: folder };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    const code = await new Promise((done) => child.once("close", done));
    assert.equal(code, 0, output);
    assert.match(output, /Succeeded after/);
    assert.deepEqual(seen.decoy, []);
    const calls = seen.laptop.filter((line) => line.startsWith("SageMaker."));
    assert.deepEqual(
      calls.map((line) => line.split(" ")[0]),
      Object.keys(ANSWERS),
    );
    for (const line of calls) assert.match(line, /Credential=test\/\d+\/ap-northeast-1\//);
  });

  describe("in every client", () => {
    const saved = { ...process.env };
    before(() => Object.assign(process.env, hostile()));
    after(() => {
      for (const name of Object.keys(hostile())) delete process.env[name];
      Object.assign(process.env, saved);
    });

    it("takes endpoint, region, credentials and kind of endpoint from the laptop", async () => {
      const region = "ap-northeast-1";
      const run = clientsFor(laptop, region);
      const { s3, iam, kms, ecr, glue, lambda, logs, sagemaker, sts } = awsAt({
        endpoint: laptop,
        region,
        accountId: "123456789012",
      });
      const clients = [
        ...[run.s3, run.glue, run.lambda, run.logs, run.sagemaker],
        s3,
        iam,
        kms,
        ecr,
        glue,
        lambda,
        logs,
        sagemaker,
        sts,
      ];
      for (const { config } of clients) {
        assert.equal(await config.region(), region);
        assert.equal((await config.credentials()).accessKeyId, "test");
        assert.equal(await config.useFipsEndpoint(), false);
        assert.equal(await config.useDualstackEndpoint(), false);
        const endpoint = await config.endpoint?.();
        assert.equal(`${endpoint?.protocol}//${endpoint?.hostname}:${endpoint?.port}`, laptop);
      }
      run.close();
    });
  });

  for (const endpoint of [
    "https://sagemaker.ap-northeast-1.amazonaws.com",
    "http://127.0.0.1.example.com",
    "https://127.0.0.1:1",
  ])
    it(`refuses ${endpoint}`, () => {
      assert.throws(() => loopback(endpoint), /must be on this machine, got endpoint/);
    });
});
