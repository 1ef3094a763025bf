import * as fs from "node:fs";
import * as path from "node:path";

/** The checkout. */
export const ROOT = path.resolve(__dirname, "../..");
const SKIPPED = ["node_modules", ".git", ".laptop", "__pycache__", "dist"];

/** Files of the checkout below a folder with one of the endings, as paths from its root. */
export function filesOf(endings: readonly string[], folder = ""): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.includes(entry.name)) return [];
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(endings, file);
    return endings.some((ending) => file.endsWith(ending)) ? [file] : [];
  });
}

export const readText = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");
