import type { Policies } from "@pulumi/policy";
import {
  csvCharacters,
  csvColumnTypes,
  csvDelimiters,
  csvFormats,
  csvHeaderCount,
  csvNullFormat,
  csvQuotes,
} from "./csvRules";
import { noManagedPartitions, partitionLocations } from "./partitionRules";
import {
  localPaths,
  outputFolders,
  readableDefinition,
  storedDefinition,
  tableOutputs,
  uploadMode,
} from "./pipelineRules";
import { projectionConfiguration, projectionTemplate } from "./projectionRules";
import {
  databaseNames,
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
  databaseNames,
  keysApartFromColumns,
  externalType,
  locationSpelling,
  outputFolder,
  locationsApart,
  csvDelimiters,
  csvQuotes,
  csvCharacters,
  csvNullFormat,
  csvColumnTypes,
  csvHeaderCount,
  csvFormats,
  noManagedPartitions,
  partitionLocations,
  projectionConfiguration,
  projectionTemplate,
  readableDefinition,
  storedDefinition,
  localPaths,
  outputFolders,
  tableOutputs,
  uploadMode,
];
