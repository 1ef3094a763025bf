import * as fs from "node:fs";
import { startServices } from "./services";
import { SERVICES_FILE } from "./staying";

const LOOK_MS = 2_000;

/** The process that keeps the laptop AWS up between commands. Everything that it says goes to its log. */
async function main(): Promise<void> {
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  // Until it is ready it belongs to the command that started it, which holds the other end, and ends with it.
  const orphaned = (): void => process.exit(1);
  process.stdin.once("end", orphaned).resume();
  const services = await startServices(log, log);
  const { endpoint, identity } = services;

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    log(`stopping: ${reason}`);
    void services.stop().finally(() => process.exit(0));
  };
  process.once("SIGTERM", () => stop("SIGTERM"));
  process.once("SIGINT", () => stop("SIGINT"));
  void services.ended.then(() => stop("moto has ended"));

  // Written whole, then moved: nobody reads half of it.
  const text = JSON.stringify({ ...identity, endpoint });
  const draft = `${SERVICES_FILE}.draft`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, SERVICES_FILE);
  process.stdin.off("end", orphaned).destroy();
  // Whom no command can find any more is of no use to anybody.
  setInterval(() => {
    if (read(SERVICES_FILE) !== text) stop(`${SERVICES_FILE} does not name this process any more`);
  }, LOOK_MS);
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
