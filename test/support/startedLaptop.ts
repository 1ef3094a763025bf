import { deepEqual } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { textOutput, Watch, withStack } from "../../local/deploy";
import { resolveEngine, type Engine } from "../../local/engine";
import { clientsFor, type Clients } from "../../local/runner/clients";
import { seed } from "../../local/seed";
import { startServices, type Services } from "../../local/services";
import { LAPTOP } from "../../local/settings";
import type { LaptopStack, StackOptions } from "../../local/stack";

const report = (): void => undefined;

/** A laptop AWS with nothing deployed, and the engine. */
export class StartedLaptop {
  // Set by open(), which mocha calls before the tests.
  declare engine: Engine;
  declare clients: Clients;
  private services: Services | undefined;
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "laptop-"));
  readonly stateDir = path.join(this.folder, "state");

  get endpoint(): string {
    if (!this.services) throw new Error("the laptop has not started");
    return this.services.endpoint;
  }

  async open(): Promise<void> {
    this.engine = await resolveEngine(report);
    this.services = await startServices(report);
    this.clients = clientsFor(this.endpoint, LAPTOP.region);
  }

  async close(): Promise<void> {
    this.clients?.close();
    await this.services?.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param config settings over those of every laptop */
  withStack<T>(work: (stack: LaptopStack) => Promise<T>, config: StackOptions["config"] = {}): Promise<T> {
    return withStack({ endpoint: this.endpoint, stateDir: this.stateDir, engine: this.engine, config }, work);
  }

  /**
   * Deploys the program without a complaint, and uploads its sample.
   *
   * @returns the name of the bucket
   */
  async deploy(): Promise<string> {
    const watch = new Watch();
    const outputs = await this.withStack((stack) => watch.over(stack.up(watch)));
    deepEqual(watch.problems, []);
    const bucket = textOutput(outputs, "bucket");
    await seed(this.endpoint, bucket);
    return bucket;
  }
}

/** The laptop of a describe block: there while its tests run. */
export function useStartedLaptop(): StartedLaptop {
  const laptop = new StartedLaptop();
  before(async function () {
    // The first time on a machine, tools are downloaded or built.
    this.timeout(1_500_000);
    await laptop.open();
  });
  after(() => laptop.close());
  return laptop;
}
