import type { Dataset } from "../contract/dataset";
import { features } from "./features/dataset";

/** Every dataset of the program; each is a folder beside this file. */
export const datasets: readonly Dataset[] = [features];
