import grpc, { type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import plugins from '@pulumi/pulumi/proto/plugin_pb.js'
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import statuses from '@pulumi/pulumi/proto/status_pb.js'
import anys from 'google-protobuf/google/protobuf/any_pb.js'
import empties, { type Empty } from 'google-protobuf/google/protobuf/empty_pb.js'
import { SECRET_SETTINGS } from './client/configuration.ts'
import { packageSchema } from './package-schema.ts'
import { PartiallyCreatedError } from './protocol/errors.ts'
import { fromStruct, markSecret, toStruct } from './protocol/wire.ts'
import type { Difference, Provider } from './provider.ts'
import type { Change } from './schema/diff.ts'
import type { InputFailure } from './schema/property.ts'

/**
 * Serves a provider to a Pulumi engine over gRPC (Pulumi's `proto/pulumi/provider.proto`).
 *
 * Like the official plugin it leaves out `Handshake` and answers `Configure` without `acceptSecrets`: the engine then
 * unwraps secret inputs and marks the outputs of the same name itself.
 *
 * @param version what the engine is told; must be that of the azuread SDK for the engine to find the plugin
 * @returns the port on 127.0.0.1
 */
export async function serve(
  provider: Provider,
  version: string,
): Promise<{ port: number; server: grpc.Server }> {
  // The engine sends whole states, which grow with an API's permissions: no limit on sizes, as in Pulumi's own servers.
  const server = new grpc.Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  })
  server.addService(services.ResourceProviderService, handlers(provider, version))
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return { port, server }
}

function handlers(provider: Provider, version: string): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: answer<Empty, unknown>(async () => {
      const info = new plugins.PluginInfo()
      info.setVersion(version)
      return info
    }),

    getSchema: answer<messages.GetSchemaRequest, unknown>(async () => {
      const response = new messages.GetSchemaResponse()
      response.setSchema(JSON.stringify(packageSchema(version)))
      return response
    }),

    checkConfig: answer<messages.CheckRequest, unknown>(async (request) => {
      const response = new messages.CheckResponse()
      const news = request.getNews()
      if (news !== undefined) response.setInputs(markSecret(news, SECRET_SETTINGS))
      return response
    }),

    diffConfig: answer<messages.DiffRequest, unknown>(async (request) => {
      const before = JSON.stringify(request.getOlds()?.toJavaScript() ?? {})
      const after = JSON.stringify(request.getNews()?.toJavaScript() ?? {})
      const response = new messages.DiffResponse()
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges
      response.setChanges(before === after ? DIFF_NONE : DIFF_SOME)
      return response
    }),

    configure: answer<messages.ConfigureRequest, unknown>(async (request) => {
      await provider.configure(fromStruct(request.getArgs()))
      const response = new messages.ConfigureResponse()
      response.setSupportspreview(true)
      return response
    }),

    invoke: answer<messages.InvokeRequest, unknown>(async (request) => {
      const { result, failures } = await provider.invoke(request.getTok(), fromStruct(request.getArgs()))
      const response = new messages.InvokeResponse()
      response.setReturn(toStruct(result))
      response.setFailuresList(failures.map(failure))
      return response
    }),

    check: answer<messages.CheckRequest, unknown>(async (request) => {
      const { inputs, failures } = provider.check(typeIn(request.getUrn()), fromStruct(request.getNews()))
      const response = new messages.CheckResponse()
      response.setInputs(toStruct(inputs))
      response.setFailuresList(failures.map(failure))
      return response
    }),

    diff: answer<messages.DiffRequest, unknown>(async (request) =>
      diffResponse(
        provider.diff(
          typeIn(request.getUrn()),
          fromStruct(request.getOlds()),
          fromStruct(request.getNews()),
          request.getIgnorechangesList(),
        ),
      ),
    ),

    create: answer<messages.CreateRequest, unknown>(async (request) => {
      const type = typeIn(request.getUrn())
      const { id, state } = await provider.create(
        type,
        fromStruct(request.getProperties()),
        request.getPreview(),
      )
      const response = new messages.CreateResponse()
      response.setId(id)
      response.setProperties(toStruct(state))
      return response
    }),

    read: answer<messages.ReadRequest, unknown>(async (request) => {
      const subject = { type: typeIn(request.getUrn()), id: request.getId() }
      const live = await provider.read(
        subject,
        fromStruct(request.getProperties()),
        fromStruct(request.getInputs()),
      )
      const response = new messages.ReadResponse()
      // An empty id says that the object is gone.
      if (live === undefined) return response
      response.setId(subject.id)
      response.setProperties(toStruct(live.state))
      response.setInputs(toStruct(live.inputs))
      return response
    }),

    update: answer<messages.UpdateRequest, unknown>(async (request) => {
      const state = await provider.update(
        { type: typeIn(request.getUrn()), id: request.getId() },
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        { preview: request.getPreview(), ignored: request.getIgnorechangesList() },
      )
      const response = new messages.UpdateResponse()
      response.setProperties(toStruct(state))
      return response
    }),

    delete: answer<messages.DeleteRequest, unknown>(async (request) => {
      const subject = { type: typeIn(request.getUrn()), id: request.getId() }
      await provider.remove(subject, fromStruct(request.getProperties()))
      return new empties.Empty()
    }),

    cancel: answer<Empty, unknown>(async () => {
      provider.cancel()
      return new empties.Empty()
    }),
  }
}

function answer<Request, Response>(
  respond: (request: Request) => Promise<Response>,
): (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void {
  return (call, callback) => {
    respond(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOf(error)),
    )
  }
}

/** An object that was created but not finished travels in the details, so that the engine keeps its id. */
function statusOf(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error)
  if (!(error instanceof PartiallyCreatedError)) return { code: grpc.status.UNKNOWN, details }
  const failed = new messages.ErrorResourceInitFailed()
  failed.setId(error.id)
  failed.setProperties(toStruct(error.properties))
  failed.setReasonsList([details])
  const detail = new anys.Any()
  detail.pack(failed.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed')
  const status = new statuses.Status()
  status.setCode(grpc.status.UNKNOWN)
  status.setMessage(details)
  status.addDetails(detail)
  const metadata = new grpc.Metadata()
  metadata.add('grpc-status-details-bin', Buffer.from(status.serializeBinary()))
  return { code: grpc.status.UNKNOWN, details, metadata }
}

function diffResponse({ changes, recomputed, stable }: Difference): messages.DiffResponse {
  const { DiffChanges } = messages.DiffResponse
  const response = new messages.DiffResponse()
  const replaced = changes.filter(({ replace }) => replace).map(({ property }) => property)
  const differing = [...changes.map(({ property }) => property), ...(changes.length > 0 ? recomputed : [])]
  response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
  response.setDiffsList([...new Set(differing)].sort())
  response.setReplacesList([...new Set(replaced)].sort())
  response.setStablesList(stable.sort())
  response.setHasdetaileddiff(true)
  const detailed = response.getDetaileddiffMap()
  for (const change of changes) detailed.set(change.path, propertyDiff(change))
  for (const output of recomputed) detailed.set(output, propertyDiff({ kind: 'update', replace: false }))
  return response
}

function propertyDiff({ kind, replace }: Pick<Change, 'kind' | 'replace'>): messages.PropertyDiff {
  const { Kind } = messages.PropertyDiff
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const
  const diff = new messages.PropertyDiff()
  diff.setKind(kinds[kind][replace ? 1 : 0])
  return diff
}

/** The path goes into the text: the engine would show a path it cannot look up together with a value of `<nil>`. */
function failure({ property, reason }: InputFailure): messages.CheckFailure {
  const message = new messages.CheckFailure()
  message.setReason(`${property} ${reason}`)
  return message
}

/** A URN is `urn:pulumi:stack::project::parentType$type::name`. */
function typeIn(urn: string): string {
  const types = urn.split('::')[2] ?? ''
  return types.slice(types.lastIndexOf('$') + 1)
}
