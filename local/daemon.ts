import * as fs from "node:fs";
import { startServices } from "./services";
import { SERVICES_FILE } from "./staying";

/** The process that keeps the laptop AWS up between commands. Everything that it says goes to its log. */
async function main(): Promise<void> {
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  const services = await startServices(log, log);
  const stop = (): void => {
    void services.stop().finally(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Written whole, then moved: nobody reads half of it.
  const draft = `${SERVICES_FILE}.draft`;
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, endpoint: services.endpoint }));
  fs.renameSync(draft, SERVICES_FILE);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
