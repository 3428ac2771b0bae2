import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { SECOND_DEPLOYMENT } from '../contract/second-deployment.ts'
import {
  hasPlaceholder,
  needingClientId,
  type PlaceholderIds,
  resolvePattern,
} from '../declaration/placeholders.ts'
import type { ApplicationContext } from './context.ts'

/** The value with the ids in the place of placeholders, wherever there is a text with one; everything else as it is. */
export function resolvePlaceholders<T>(value: T, ids: pulumi.Input<PlaceholderIds>): T {
  return resolve(value, pulumi.output(ids)) as T
}

function resolve(value: unknown, ids: pulumi.Output<PlaceholderIds>): unknown {
  if (typeof value === 'string')
    return hasPlaceholder(value) ? ids.apply((known) => resolvePattern(value, known)) : value
  if (Array.isArray(value)) return value.map((each) => resolve(each, ids))
  if (typeof value !== 'object' || value === null || pulumi.Output.isInstance(value)) return value
  return mapValues(value as Record<string, unknown>, (each) => resolve(each, ids))
}

/** Says which settings wait for the next deployment, because the client id in them was not known before this one. */
export function announceSecondDeployment({
  app,
  name,
  application,
  former,
  parent,
}: ApplicationContext): void {
  const waiting = needingClientId(app)
  if (waiting.length === 0) return
  const subject = `${name}: what holds {clientId} in ${waiting.join(', ')}`
  if (pulumi.runtime.isDryRun()) {
    if (former) return
    void pulumi.log.info(
      `${subject} is set once the application exists. ${SECOND_DEPLOYMENT}; \`up\` makes both.`,
      parent,
    )
    return
  }
  application.clientId.apply((clientId) => {
    if (clientId !== former?.clientId)
      void pulumi.log.warn(`${subject} is not set yet. ${SECOND_DEPLOYMENT}: run it again.`, parent)
  })
}
