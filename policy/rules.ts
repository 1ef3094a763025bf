import type { Policies } from "@pulumi/policy";
import { csvDelimiters, csvFormats, csvHeaderCount, csvQuotes } from "./csvRules";
import { noManagedPartitions, partitionLocations, projectionTemplate } from "./partitionRules";
import { localPaths, outputFolders, readableDefinition, tableOutputs, uploadMode } from "./pipelineRules";
import {
  externalType,
  keysApartFromColumns,
  locationsApart,
  locationSpelling,
  lowerCaseNames,
  outputFolder,
  partitionKeysDeclared,
} from "./tableRules";

/** Every rule of the pack. */
export const rules: Readonly<Policies> = [
  partitionKeysDeclared,
  lowerCaseNames,
  keysApartFromColumns,
  externalType,
  locationSpelling,
  outputFolder,
  locationsApart,
  csvDelimiters,
  csvQuotes,
  csvHeaderCount,
  csvFormats,
  noManagedPartitions,
  partitionLocations,
  projectionTemplate,
  readableDefinition,
  localPaths,
  outputFolders,
  tableOutputs,
  uploadMode,
];
