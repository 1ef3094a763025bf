import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Aws } from "./clients";
import { check, differences, leftovers, mustDeleteFirst } from "./check";
import { configProblems } from "./config";
import { invoke } from "./invokes";
import { declared, plannedState, stateOf, type Row } from "./row";
import { compact, reflects, type Properties } from "./values";

type Call<Q> = grpc.ServerUnaryCall<Q, unknown>;

/** A provider of the engine, listening. */
export interface ProviderServer {
  readonly port: number;
  stop(): void;
}

/**
 * Serves rows as a Pulumi provider. `@pulumi/pulumi/provider` has a server for this, but it neither announces
 * previews nor passes on old inputs.
 */
export async function serve(rows: readonly Row[], aws: Aws): Promise<ProviderServer> {
  const byType = new Map(rows.map((row) => [row.type, row]));
  const rowOf = (urn: string): Row => {
    // The type in a URN lists the parents' types first, each followed by `$`.
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const row = byType.get(type);
    if (!row) throw new Error(`${type} is not a type the laptop AWS supports; add a row in local/provider`);
    return row;
  };
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, {
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion("7.48.0")),
    getSchema: unary(() => new pb.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: pb.CheckRequest) => {
      const failures = configProblems(propertiesOf(request.getNews()), aws).map((reason) =>
        new pb.CheckFailure().setReason(reason),
      );
      return new pb.CheckResponse().setInputs(request.getNews()).setFailuresList(failures);
    }),
    diffConfig: unary(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new pb.ConfigureResponse().setSupportspreview(true)),
    invoke: unary(async (request: pb.InvokeRequest) =>
      new pb.InvokeResponse().setReturn(structOf(await invoke(request.getTok(), propertiesOf(request.getArgs()), aws))),
    ),
    check: unary((request: pb.CheckRequest) => {
      const { inputs, failures } = check(rowOf(request.getUrn()), aws, {
        name: request.getUrn().split("::").at(-1) ?? "",
        news: propertiesOf(request.getNews()),
        olds: propertiesOf(request.getOlds()),
        seed: request.getRandomseed_asU8(),
      });
      return new pb.CheckResponse()
        .setInputs(structOf(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) => new pb.CheckFailure().setProperty(property).setReason(reason)),
        );
    }),
    diff: unary((request: pb.DiffRequest) => diffResponse(rowOf(request.getUrn()), request)),
    create: unary(async (request: pb.CreateRequest) => {
      const row = rowOf(request.getUrn());
      const inputs = propertiesOf(request.getProperties());
      if (request.getPreview()) return new pb.CreateResponse().setProperties(structOf(plannedState(row, aws, inputs)));
      const id = await row.create(aws, inputs);
      return new pb.CreateResponse().setId(id).setProperties(structOf(await readBack(row, aws, id, inputs)));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const row = rowOf(request.getUrn());
      const [inputs, before] = [propertiesOf(request.getNews()), propertiesOf(request.getOldInputs())];
      if (request.getPreview()) {
        const planned = plannedState(row, aws, inputs, propertiesOf(request.getOlds()));
        return new pb.UpdateResponse().setProperties(structOf(planned));
      }
      const changed = differences(row, before, inputs).map(({ property }) => property);
      await row.update(aws, request.getId(), inputs, before, changed);
      return new pb.UpdateResponse().setProperties(structOf(await readBack(row, aws, request.getId(), inputs)));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const row = rowOf(request.getUrn());
      const known = propertiesOf(request.getInputs());
      const observed = await row.read(aws, request.getId(), known);
      if (!observed) return new pb.ReadResponse();
      const inputs = refreshed(row, known, observed);
      return new pb.ReadResponse()
        .setId(request.getId())
        .setInputs(structOf(inputs))
        .setProperties(structOf(stateOf(row, aws, inputs, observed)));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      await rowOf(request.getUrn()).remove(aws, request.getId(), propertiesOf(request.getOldInputs()));
      return new Empty();
    }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
}

function unary<Q, R>(handle: (request: Q) => R | Promise<R>) {
  return (call: Call<Q>, callback: grpc.sendUnaryData<R>) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: messageOf(error) }),
      );
  };
}

/** AWS errors carry their kind in the name, and often little in the message. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SyntaxError) return "moto failed and answered with a page; start it with a log file to see why";
  return error.name === "Error" || error.message.startsWith(error.name)
    ? error.message
    : `${error.name}: ${error.message}`;
}

function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function structOf(properties: Properties): Struct {
  // Struct takes plain JSON values; compact() has left nothing else.
  return Struct.fromJavaScript(compact(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

async function readBack(row: Row, aws: Aws, id: string, inputs: Properties): Promise<Properties> {
  const observed = await row.read(aws, id, inputs);
  if (!observed) throw new Error(`${row.type} '${id}' is not there after it was written`);
  return stateOf(row, aws, inputs, observed);
}

/** The inputs as AWS shows them: the declared text stays where AWS says the same in other words. */
function refreshed(row: Row, known: Properties, observed: Properties): Properties {
  const seen = Object.entries(observed).filter(([name]) => name in row.inputs.shape);
  // An import declares nothing yet, and so takes all there is.
  if (Object.keys(declared(known)).length === 0) return compact(Object.fromEntries(seen));
  const drifted = seen.filter(([name, value]) => name in known && !reflects(known[name], value));
  return compact({ ...known, ...Object.fromEntries(drifted) });
}

function diffResponse(row: Row, request: pb.DiffRequest): pb.DiffResponse {
  const news = propertiesOf(request.getNews());
  const olds = propertiesOf(request.getOldInputs());
  const ignored = new Set(request.getIgnorechangesList());
  const found = [
    ...differences(row, olds, news),
    ...leftovers(row, olds, news, propertiesOf(request.getOlds())),
  ].filter(({ property }) => !ignored.has(property));
  const replaces = found.filter((difference) => difference.replaces);
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse()
    .setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(found.map(({ property }) => property))
    .setReplacesList(replaces.map(({ property }) => property))
    .setDeletebeforereplace(replaces.length > 0 && mustDeleteFirst(row, news))
    .setHasdetaileddiff(true);
  const { Kind } = pb.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  for (const { property, kind, replaces: forces } of found)
    response
      .getDetaileddiffMap()
      .set(property, new pb.PropertyDiff().setKind(kinds[kind][forces ? 1 : 0]).setInputdiff(true));
  return response;
}
