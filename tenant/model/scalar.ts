import { isGuid } from '../../microsoft/guid.ts'
import { type GraphError, invalidValue } from '../errors/graph-error.ts'
import { isoDate } from '../lib/clock.ts'
import type { Json } from '../store/entity.ts'
import type { Property } from './property.ts'

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * Checks one value that is not null against a scalar type and returns it in stored form: dates in UTC, everything
 * else as it was sent, since clients compare what they read with what they wrote.
 *
 * @throws GraphError 400 when it does not fit
 */
export function readScalar(resource: string, property: Property, path: string, value: Json): Json {
  const fail = (rule: string): GraphError => invalidValue(resource, path, `'${path}' ${rule}.`)
  switch (property.type) {
    case 'boolean':
      return readBoolean(property, value, fail)
    case 'int32':
    case 'int64':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw fail('has to be a whole number')
      return value
    case 'guid':
      if (typeof value !== 'string' || !isGuid(value)) throw fail('has to be a GUID')
      return value
    case 'dateTime':
      return readDateTime(value, fail)
    case 'string':
    case 'binary':
      return readText(property, value, fail)
    case 'complex':
      throw fail('has to be an object')
  }
}

function readBoolean(property: Property, value: Json, fail: (rule: string) => GraphError): boolean {
  if (typeof value === 'boolean') return value
  if (property.asText && typeof value === 'string' && /^(true|false)$/i.test(value)) {
    return value.toLowerCase() === 'true'
  }
  throw fail('has to be true or false')
}

function readText(property: Property, value: Json, fail: (rule: string) => GraphError): string {
  if (typeof value !== 'string') throw fail('has to be a string')
  if (property.maxLength !== undefined && value.length > property.maxLength) {
    throw fail(`cannot be longer than ${property.maxLength} characters`)
  }
  if (property.values !== undefined && !property.values.includes(value)) {
    throw fail(`has to be one of: ${property.values.join(', ')}`)
  }
  return value
}

function readDateTime(value: Json, fail: (rule: string) => GraphError): string {
  if (typeof value !== 'string' || !DATE_TIME.test(value)) throw fail('has to be a date and time with offset')
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) throw fail('has to be a date that exists')
  return isoDate(date)
}
