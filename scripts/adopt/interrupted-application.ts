import { objects, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { PlannedCreate } from '../stack/planned-changes.ts'
import { importId } from './import-ids.ts'
import { quoted } from './read-registration.ts'

type Inputs = PlannedCreate['inputs']

/** What a deployment that was interrupted may have created, and the state does not know. */
export interface Before {
  /** Names of the resources that it was creating. */
  readonly interrupted: ReadonlySet<string>
  /** Applications of the stack, by the provider's id. */
  readonly applications: ReadonlyMap<string, string>
}

/**
 * Display names are not unique, so only one that the interrupted deployment can have created counts: it is in no
 * state, and has no credential yet.
 */
export function interruptedApplication(inputs: Inputs, known: Before['applications']) {
  const displayName = text(inputs, 'displayName')
  const filter = encodeURIComponent(`displayName eq '${quoted(displayName)}'`)
  return {
    path: `/applications?$filter=${filter}&$select=id,appId,passwordCredentials,keyCredentials`,
    judge: (found: readonly Entity[]) => {
      const left = found.filter(
        (each) =>
          !known.has(importId.application(text(each, 'id'))) &&
          [...objects(each, 'passwordCredentials'), ...objects(each, 'keyCredentials')].length === 0,
      )
      const [only] = left
      if (!only) return undefined
      const clientIds = left.map((each) => text(each, 'appId')).join(', ')
      if (left.length > 1) {
        return {
          conflict: `the previous deployment was interrupted while it created the application "${displayName}", and several have that name (client ids ${clientIds}). Delete the one that nobody needs, or take one over with adopt`,
        }
      }
      return {
        id: importId.application(text(only, 'id')),
        title: `application "${displayName}" (client id ${clientIds}), which the interrupted deployment had created; its settings are changed to the declared ones`,
        keep: settingsIn(inputs),
      }
    },
  }
}

/** Names of the settings among the inputs of a resource; the engine adds inputs of its own. */
export function settingsIn(inputs: Inputs): string[] {
  return Object.keys(inputs).filter((name) => !name.startsWith('__'))
}
