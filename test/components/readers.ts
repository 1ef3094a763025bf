import type { Dataset } from "../../contract/dataset";
import { athena } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";

/** A dataset that other accounts read. */
export function readBy(name: string, ...accountIds: readonly string[]): Dataset {
  return { ...features, name, prefix: name, readers: [athena({ accountIds })] };
}
