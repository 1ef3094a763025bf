import { defineDataset, type Dataset } from "../../contract/dataset";
import { features } from "../../datasets/features/dataset";

/** Datasets of the bundled one's shape, under names and prefixes of their own. */
export function generated(count: number): Dataset[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `features_${index}`;
    return defineDataset({ ...features, name, prefix: name });
  });
}
