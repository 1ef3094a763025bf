import { PutObjectCommand } from "@aws-sdk/client-s3";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { addresses } from "../contract/layout";
import { datasets } from "../datasets";
import { clientsFor } from "./runner/clients";
import { sampleFiles } from "./scriptFolders";
import { LAPTOP, ROOT } from "./settings";

/** Puts the sample of each dataset under its raw prefix, as an ingestion would. Returns the number of files. */
export async function seed(endpoint: string, bucket: string): Promise<number> {
  const clients = clientsFor(endpoint, LAPTOP.region);
  let files = 0;
  try {
    for (const dataset of datasets) {
      const folder = path.join(ROOT, "datasets", dataset.name, "sample");
      for (const file of sampleFiles(folder)) {
        const Key = addresses(dataset, bucket).rawPrefix + file;
        await clients.s3.send(
          new PutObjectCommand({ Bucket: bucket, Key, Body: readFileSync(path.join(folder, file)) }),
        );
        files += 1;
      }
    }
  } finally {
    clients.close();
  }
  return files;
}
