import * as path from "node:path";
import { LAPTOP_ACCOUNT } from "./environment";

/** The repository. */
export const ROOT = path.resolve(__dirname, "..");

/** The stack that the laptop deploys. */
export const LAPTOP = {
  project: "partitions",
  stack: "laptop",
  region: "ap-northeast-1",
  projectFile: path.join(ROOT, "Pulumi.yaml"),
  policyPack: path.join(ROOT, "policy"),
  /** Both destroy switches stay off: the laptop keeps its data as a real stack does. */
  config: {
    "partitions:bucketPrefix": "laptop",
    "partitions:expectedAccountId": LAPTOP_ACCOUNT,
    "partitions:image": "build",
  },
} as const;

/** What `npm run local -- up` leaves behind until `down`. Another folder is another laptop. */
export const STAYING = path.resolve(process.env["PARTITIONS_LAPTOP_DIR"] || path.join(ROOT, ".laptop"));

/** Where `npm run script` runs scripts, and leaves what they wrote. */
export const SCRIPT_DIR = path.join(STAYING, "script");

/** Milliseconds between two looks at a laptop execution: nothing throttles here. */
export const POLL_MS = 150;
