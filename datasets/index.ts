import { defineDatasets } from "../contract/rules/datasets";
import { features } from "./features/dataset";

/** Every dataset of the program; each is a folder beside this file. */
export const datasets = defineDatasets([features]);
