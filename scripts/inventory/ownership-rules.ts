import type { Entry } from './report.ts'
import { type InventoryRule, REGISTERED } from './rule.ts'

/** Rules about owners and use. */
export const ownershipRules: readonly InventoryRule[] = [
  {
    id: 'EI201',
    name: 'no-owner',
    severity: 'medium',
    summary: 'An application has an owner.',
    fix: 'make the people who run it its owners',
    source: 'Overview of enterprise application ownership',
    kinds: REGISTERED,
    check: ({ owners }) => (owners.length === 0 ? ['nobody owns it'] : []),
  },
  {
    id: 'EI202',
    name: 'owners-disabled',
    severity: 'medium',
    summary: 'An owner of an application may sign in.',
    fix: 'make somebody its owner who is still there',
    source: 'Overview of enterprise application ownership',
    kinds: REGISTERED,
    check: ({ owners }) =>
      owners.length > 0 && owners.every(({ enabled }) => enabled === false)
        ? [`every owner is disabled (${namesOf(owners)})`]
        : [],
  },
  {
    id: 'EI501',
    name: 'application-unused',
    severity: 'low',
    summary: 'Every application was used lately (`--unused-after`, 90 days).',
    fix: 'ask its owners; disable its service principal first, and delete it when nobody misses it',
    source: 'Remove unused apps',
    kinds: ['application', 'elsewhere'],
    needs: ['signIns'],
    check: ({ lastSignInAt, createdAt, servicePrincipalId }, { now, unusedAfter }) => {
      if (servicePrincipalId === undefined) return []
      if (!(now.getTime() - Date.parse(lastSignInAt ?? createdAt ?? '') > unusedAfter)) return []
      return [
        lastSignInAt === undefined ? 'no sign-in is reported' : `the last sign-in was at ${lastSignInAt}`,
      ]
    },
  },
]

function namesOf(owners: Entry['owners']): string {
  return owners.map(({ name, id }) => name ?? id).join(', ')
}
