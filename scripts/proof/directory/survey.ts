import type { AppOutputs, IdentityOutputs } from '../../../infra/contract/outputs.ts'
import { failed } from '../checks/check.ts'
import type { AppTarget } from '../model/app-target.ts'
import type { Check } from '../model/report.ts'
import { type DeclaredConsent, judgeConsent } from './consent.ts'
import { judgeRegistration } from './drift.ts'
import type { Directory } from './open.ts'
import { readRegistrations } from './registration.ts'
import { surveyRoles } from './role-assignments.ts'
import { surveySingleSignOn } from './single-sign-on.ts'
import { surveySites } from './site-grants.ts'

/**
 * Looks the declared applications and identities up in the directory: what was consented to, and with `live` the registrations
 * themselves. Returns the checks of each application, in order.
 */
export async function surveyApps(
  apps: readonly AppTarget[],
  directory: Directory,
  live: boolean,
  now: Date,
): Promise<Check[][]> {
  const declared = apps.flatMap(({ facts }) => facts ?? [])
  const holders = apps.flatMap(({ facts, granted }) => facts ?? granted ?? [])
  const [consents, roles, sites, signOns, registrations] = await Promise.all([
    surveyConsent(holders, directory),
    surveyRoles(holders, directory.reader, live),
    surveySites(holders, directory.reader),
    surveySingleSignOn(declared, directory.reader, now),
    live ? surveyRegistrations(declared, directory) : declared.map(() => []),
  ])
  return apps.map(({ facts, granted }) => {
    const i = holders.findIndex((each) => each === facts || each === granted)
    const at = facts ? declared.indexOf(facts) : -1
    const own = [...(signOns[at] ?? []), ...(registrations[at] ?? [])]
    return [...(consents[i] ?? []), ...(roles[i] ?? []), ...(sites[i] ?? []), ...own]
  })
}

/** What both an application and an identity are granted. */
type GrantFacts = Pick<AppOutputs, keyof AppOutputs & keyof IdentityOutputs> & Pick<AppOutputs, 'consented'>

async function surveyConsent(
  apps: readonly GrantFacts[],
  { grants, loginUrl }: Directory,
): Promise<Check[][]> {
  const found = await grants.grantsOf(apps.map(({ servicePrincipalId }) => servicePrincipalId))
  return apps.map((facts, i) => judgeConsent(declaredConsent(facts, loginUrl), found[i]!))
}

function declaredConsent(
  { consent, permissions, consented, tenantId, clientId }: GrantFacts,
  loginUrl: string,
): DeclaredConsent {
  return {
    consent: consented ? 'grant' : consent,
    permissions: consented ?? permissions,
    adminConsentUrl: `${loginUrl}/${tenantId}/adminconsent?client_id=${clientId}`,
  }
}

async function surveyRegistrations(apps: readonly AppOutputs[], directory: Directory): Promise<Check[][]> {
  const { reader, apis, identity } = directory
  const found = await readRegistrations(apps, reader, apis)
  const deployerId = identity.isUser ? undefined : identity.objectId
  return apps.map((facts, i) => {
    const read = found[i]!
    return read.ok
      ? judgeRegistration(facts, read.value, deployerId)
      : [failed('registration in the directory', read.failure)]
  })
}
