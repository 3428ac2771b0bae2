import structs from 'google-protobuf/google/protobuf/struct_pb.js'
import { describe, expect, it } from 'vitest'
import {
  fromStruct,
  markSecret,
  type Properties,
  Secret,
  toStruct,
  UNKNOWN,
  withoutInternals,
} from '../../../plugin/protocol/wire.ts'

const SECRET_OF = (value: string) => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
})

describe('the wire format', () => {
  it('carries unknowns both ways, at any depth', () => {
    const properties: Properties = { a: UNKNOWN, list: [UNKNOWN, 'b'], block: { c: UNKNOWN } }
    expect(fromStruct(toStruct(properties))).toEqual(properties)
  })

  it('unwraps secrets that come and wraps those that go', () => {
    const struct = toStruct({ value: new Secret('s3cret') })
    expect(struct.toJavaScript()).toEqual({ value: SECRET_OF('s3cret') })
    expect(fromStruct(struct)).toEqual({ value: 's3cret' })
  })

  it('leaves undefined members out, which the protocol cannot carry', () => {
    expect(toStruct({ a: undefined, b: { c: undefined, d: null } }).toJavaScript()).toEqual({
      b: { d: null },
    })
  })

  it('marks plain secrets of a configuration once', () => {
    const struct = structs.Struct.fromJavaScript({
      clientSecret: 'a',
      clientId: SECRET_OF('b'),
      tenantId: 'c',
    })
    expect(markSecret(struct, ['clientId', 'clientSecret']).toJavaScript()).toEqual({
      clientSecret: SECRET_OF('a'),
      clientId: SECRET_OF('b'),
      tenantId: 'c',
    })
  })

  it('knows the bookkeeping of the bridge from properties', () => {
    expect(withoutInternals({ __meta: '{}', __defaults: [], __pulumi_raw_state_delta: {}, a: 1 })).toEqual({
      a: 1,
    })
  })
})
