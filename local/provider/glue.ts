import * as glue from "@aws-sdk/client-glue";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { lostTags, sized, tags } from "./values";

const texts = () => z.record(z.string(), z.string());

const databaseInputs = z.strictObject({
  name: z
    .string()
    .regex(/^[^A-Z]+$/, "must not have upper-case letters")
    .optional(),
  catalogId: z.string().optional(),
  description: sized(0, 2048).optional(),
  locationUri: z.string().optional(),
  parameters: texts().optional(),
  tags: tags(),
});

const database = row({
  type: "aws:glue/catalogDatabase:CatalogDatabase",
  inputs: databaseInputs,
  autoname: "name",
  replaces: ["name", "catalogId"],
  computed: ["arn", "catalogId"],
  create: async (aws, inputs) => {
    const CatalogId = inputs.catalogId ?? aws.accountId;
    await aws.glue.send(
      new glue.CreateDatabaseCommand({ CatalogId, DatabaseInput: databaseInput(inputs), Tags: inputs.tags }),
    );
    return `${CatalogId}:${inputs.name}`;
  },
  read: async (aws, id) => {
    const [CatalogId, Name = ""] = id.split(":");
    const found = (await unlessGone(aws.glue.send(new glue.GetDatabaseCommand({ CatalogId, Name }))))?.Database;
    if (!found) return undefined;
    const arn = databaseArn(aws, Name);
    const tagged = await aws.glue.send(new glue.GetTagsCommand({ ResourceArn: arn }));
    return {
      name: found.Name,
      catalogId: CatalogId,
      description: found.Description,
      locationUri: found.LocationUri,
      parameters: unlessEmpty(found.Parameters),
      tags: unlessEmpty(tagged.Tags),
      arn,
    };
  },
  update: async (aws, { id, inputs, before, changes }) => {
    const [CatalogId, Name = ""] = id.split(":");
    if (changes("description", "locationUri", "parameters"))
      await aws.glue.send(new glue.UpdateDatabaseCommand({ CatalogId, Name, DatabaseInput: databaseInput(inputs) }));
    if (!changes("tags")) return;
    const ResourceArn = databaseArn(aws, Name);
    const TagsToRemove = lostTags(before.tags, inputs.tags);
    if (TagsToRemove.length > 0) await aws.glue.send(new glue.UntagResourceCommand({ ResourceArn, TagsToRemove }));
    if (inputs.tags) await aws.glue.send(new glue.TagResourceCommand({ ResourceArn, TagsToAdd: inputs.tags }));
  },
  remove: (aws, id) => {
    const [CatalogId, Name] = id.split(":");
    return unlessGone(aws.glue.send(new glue.DeleteDatabaseCommand({ CatalogId, Name })));
  },
});

function databaseInput(inputs: z.infer<typeof databaseInputs>): glue.DatabaseInput {
  return {
    Name: inputs.name,
    Description: inputs.description,
    LocationUri: inputs.locationUri,
    Parameters: inputs.parameters,
  };
}

const databaseArn = (aws: Aws, name: string) =>
  `arn:${aws.partition}:glue:${aws.region}:${aws.accountId}:database/${name}`;

const column = z.strictObject({ name: z.string(), type: z.string().optional(), comment: sized(0, 255).optional() });
const columnWithParameters = column.extend({ parameters: texts().optional() });
const storageDescriptor = z.strictObject({
  location: z.string().optional(),
  inputFormat: z.string().optional(),
  outputFormat: z.string().optional(),
  columns: z.array(columnWithParameters).optional(),
  serDeInfo: z
    .strictObject({
      name: z.string().optional(),
      serializationLibrary: z.string().optional(),
      parameters: texts().optional(),
    })
    .optional(),
  parameters: texts().optional(),
  compressed: z.boolean().optional(),
  numberOfBuckets: z.number().optional(),
  storedAsSubDirectories: z.boolean().optional(),
  bucketColumns: z.array(z.string()).optional(),
  sortColumns: z.array(z.strictObject({ column: z.string(), sortOrder: z.number() })).optional(),
});
const tableInputs = z.strictObject({
  name: z
    .string()
    .regex(/^[^A-Z]+$/, "must not have upper-case letters")
    .optional(),
  databaseName: z.string(),
  catalogId: z.string().optional(),
  description: sized(0, 2048).optional(),
  owner: z.string().optional(),
  parameters: texts().optional(),
  partitionKeys: z.array(columnWithParameters).optional(),
  retention: z.number().optional(),
  storageDescriptor: storageDescriptor.optional(),
  tableType: z.string().optional(),
  viewOriginalText: z.string().optional(),
  viewExpandedText: z.string().optional(),
});

const table = row({
  type: "aws:glue/catalogTable:CatalogTable",
  inputs: tableInputs,
  autoname: "name",
  replaces: ["name", "databaseName", "catalogId"],
  computed: ["arn", "catalogId"],
  create: async (aws, inputs) => {
    const CatalogId = inputs.catalogId ?? aws.accountId;
    const DatabaseName = inputs.databaseName;
    await aws.glue.send(new glue.CreateTableCommand({ CatalogId, DatabaseName, TableInput: tableInput(inputs) }));
    return `${CatalogId}:${DatabaseName}:${inputs.name}`;
  },
  read: async (aws, id) => {
    const [CatalogId, DatabaseName = "", Name = ""] = id.split(":");
    const found = (await unlessGone(aws.glue.send(new glue.GetTableCommand({ CatalogId, DatabaseName, Name }))))?.Table;
    const storage = found?.StorageDescriptor;
    return (
      found && {
        name: found.Name,
        databaseName: found.DatabaseName,
        catalogId: CatalogId,
        description: found.Description,
        owner: found.Owner,
        parameters: unlessEmpty(found.Parameters),
        partitionKeys: found.PartitionKeys?.map(columnOf),
        retention: found.Retention || undefined,
        tableType: found.TableType,
        viewOriginalText: found.ViewOriginalText,
        viewExpandedText: found.ViewExpandedText,
        storageDescriptor: storage && {
          location: storage.Location,
          inputFormat: storage.InputFormat,
          outputFormat: storage.OutputFormat,
          columns: storage.Columns?.map(columnOf),
          serDeInfo: storage.SerdeInfo && {
            name: storage.SerdeInfo.Name,
            serializationLibrary: storage.SerdeInfo.SerializationLibrary,
            parameters: storage.SerdeInfo.Parameters,
          },
          parameters: storage.Parameters,
          compressed: storage.Compressed,
          numberOfBuckets: storage.NumberOfBuckets,
          storedAsSubDirectories: storage.StoredAsSubDirectories,
          bucketColumns: storage.BucketColumns,
          sortColumns: storage.SortColumns?.map(({ Column, SortOrder }) => ({ column: Column, sortOrder: SortOrder })),
        },
        arn: `arn:${aws.partition}:glue:${aws.region}:${aws.accountId}:table/${DatabaseName}/${Name}`,
      }
    );
  },
  update: (aws, { id, inputs }) => {
    const [CatalogId, DatabaseName] = id.split(":");
    return aws.glue.send(new glue.UpdateTableCommand({ CatalogId, DatabaseName, TableInput: tableInput(inputs) }));
  },
  remove: (aws, id) => {
    const [CatalogId, DatabaseName, Name] = id.split(":");
    return unlessGone(aws.glue.send(new glue.DeleteTableCommand({ CatalogId, DatabaseName, Name })));
  },
});

function tableInput(inputs: z.infer<typeof tableInputs>): glue.TableInput {
  const storage = inputs.storageDescriptor;
  return {
    Name: inputs.name,
    Description: inputs.description,
    Owner: inputs.owner,
    Parameters: inputs.parameters,
    PartitionKeys: inputs.partitionKeys?.map(columnInput),
    Retention: inputs.retention,
    TableType: inputs.tableType,
    ViewOriginalText: inputs.viewOriginalText,
    ViewExpandedText: inputs.viewExpandedText,
    StorageDescriptor: storage && {
      Location: storage.location,
      InputFormat: storage.inputFormat,
      OutputFormat: storage.outputFormat,
      Columns: storage.columns?.map(columnInput),
      SerdeInfo: storage.serDeInfo && {
        Name: storage.serDeInfo.name,
        SerializationLibrary: storage.serDeInfo.serializationLibrary,
        Parameters: storage.serDeInfo.parameters,
      },
      Parameters: storage.parameters,
      // The real provider sends these three even when they are not declared.
      Compressed: storage.compressed ?? false,
      NumberOfBuckets: storage.numberOfBuckets ?? 0,
      StoredAsSubDirectories: storage.storedAsSubDirectories ?? false,
      BucketColumns: storage.bucketColumns,
      SortColumns: storage.sortColumns?.map((sort) => ({ Column: sort.column, SortOrder: sort.sortOrder })),
    },
  };
}

function columnInput(declared: z.infer<typeof columnWithParameters>): glue.Column {
  return { Name: declared.name, Type: declared.type, Comment: declared.comment, Parameters: declared.parameters };
}

function columnOf({ Name, Type, Comment, Parameters }: glue.Column) {
  return { name: Name, type: Type, comment: Comment, parameters: Parameters };
}

function unlessEmpty(map: Record<string, string> | undefined): Record<string, string> | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}

export const rows = [database, table];
