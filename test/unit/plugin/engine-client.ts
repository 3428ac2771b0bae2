import grpc, { type ServiceError } from '@grpc/grpc-js'
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import structs from 'google-protobuf/google/protobuf/struct_pb.js'

type Plain = Parameters<typeof structs.Struct.fromJavaScript>[0]

/** The engine's side of the protocol, as far as the tests need it. */
export class EngineClient {
  readonly #client: InstanceType<typeof services.ResourceProviderClient>

  constructor(port: number) {
    this.#client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
  }

  close(): void {
    this.#client.close()
  }

  /** Sends a request whose members are given as plain values; struct members are converted. */
  async call(method: keyof typeof REQUESTS, members: Record<string, unknown>): Promise<Plain> {
    const request = new REQUESTS[method]() as unknown as Record<string, (value: unknown) => void>
    for (const [name, value] of Object.entries(members)) {
      const isStruct = typeof value === 'object' && value !== null && !Array.isArray(value)
      request[`set${name}`]!.call(request, isStruct ? structs.Struct.fromJavaScript(value as Plain) : value)
    }
    return new Promise((resolve, reject) => {
      const send = this.#client[method].bind(this.#client) as unknown as (
        request: unknown,
        done: (
          error: ServiceError | null,
          response: { toObject(): Plain } & Record<string, () => unknown>,
        ) => void,
      ) => void
      send(request, (error, response) => {
        if (error !== null) reject(error)
        else resolve({ ...response.toObject(), ...plainStructs(response) } as Plain)
      })
    })
  }
}

const REQUESTS = {
  checkConfig: messages.CheckRequest,
  diffConfig: messages.DiffRequest,
  configure: messages.ConfigureRequest,
  getSchema: messages.GetSchemaRequest,
  check: messages.CheckRequest,
  diff: messages.DiffRequest,
  create: messages.CreateRequest,
  read: messages.ReadRequest,
  update: messages.UpdateRequest,
  delete: messages.DeleteRequest,
  invoke: messages.InvokeRequest,
} as const

function plainStructs(response: Record<string, (() => unknown) | undefined>): Record<string, unknown> {
  const names = ['Inputs', 'Properties', 'Return'] as const
  return Object.fromEntries(
    names.flatMap((name) => {
      const struct = response[`get${name}`]?.call(response) as InstanceType<typeof structs.Struct> | undefined
      return struct === undefined ? [] : [[name.toLowerCase(), struct.toJavaScript()]]
    }),
  )
}
