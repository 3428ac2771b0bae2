import { PolicyPack, type ResourceValidationPolicy } from '@pulumi/policy'
import { publishedApisByName } from '../microsoft/apis.ts'
import { POLICIES } from './policies.ts'
import type { Policy, PolicyContext } from './policy.ts'

/** Serves the policies to the engine that started this process. */
export function startPack(): void {
  const permissions = publishedApisByName()
  new PolicyPack('entra-apps', {
    description: 'What an organisation asks of its Microsoft Entra applications',
    policies: POLICIES.map((policy) => served(policy, permissions)),
  })
}

function served(
  { name, description, enforcementLevel, options, judge }: Policy,
  permissions: PolicyContext['permissions'],
): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel,
    configSchema: { properties: options },
    validateResource: ({ type, name: resource, props, getConfig }, report) => {
      const context = { options: getConfig<Record<string, unknown>>(), permissions, now: new Date() }
      for (const message of judge({ type, name: resource, inputs: props }, context)) report(message)
    },
  }
}
