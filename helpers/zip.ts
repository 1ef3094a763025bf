import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { zipSync } from "fflate";
import type { Helper } from "../contract/inputs";

/**
 * A Python package as one file, which Python imports it from. The same package gives the same bytes, wherever and
 * whenever it is made.
 */
export function helperZip(name: Helper): Uint8Array {
  const folder = path.join(__dirname, name);
  const files = readdirSync(folder).filter((file) => file.endsWith(".py"));
  return zipSync(
    Object.fromEntries(files.sort().map((file) => [`${name}/${file}`, readFileSync(path.join(folder, file))])),
    // A zip has the time of a clock and no zone: the first that it can say.
    { mtime: new Date(1980, 0, 1) },
  );
}
