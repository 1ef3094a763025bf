import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Files of one folder with the same bytes. Only those of one size are read for it. */
export class Copies {
  /** By folder and size: the first file, and once there is a second one, the files by their bytes' hash. */
  private readonly alike = new Map<string, { readonly first: string; readonly hashes: Map<string, string> }>();

  constructor(private readonly root: string) {}

  /** @returns an earlier file of the folder with the same bytes; undefined when there is none */
  async earlier(file: string, size: number): Promise<string | undefined> {
    const place = `${path.posix.dirname(file)}/${size}`;
    const known = this.alike.get(place);
    if (known === undefined) {
      this.alike.set(place, { first: file, hashes: new Map() });
      return undefined;
    }
    const { first, hashes } = known;
    if (hashes.size === 0) hashes.set(await this.hash(first), first);
    const own = await this.hash(file);
    const copied = hashes.get(own);
    if (copied === undefined) hashes.set(own, file);
    return copied;
  }

  private async hash(file: string): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of fs.createReadStream(path.join(this.root, file))) hash.update(chunk as Buffer);
    return hash.digest("hex");
  }
}
