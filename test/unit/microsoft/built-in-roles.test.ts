import { describe, expect, it } from 'vitest'
import {
  BUILT_IN_ROLES,
  ESCALATING_DIRECTORY_ROLES,
  findDirectoryRole,
} from '../../../microsoft/built-in-roles.ts'
import { DIRECTORY_ROLES } from '../../../microsoft/directory-roles.ts'

describe('the built-in directory roles', () => {
  it('have one id each, in lower case, and one name for it everywhere', () => {
    const ids = Object.values(BUILT_IN_ROLES)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    for (const [id, { displayName }] of Object.entries(DIRECTORY_ROLES))
      expect(BUILT_IN_ROLES[displayName]).toBe(id)
    for (const name of Object.keys(ESCALATING_DIRECTORY_ROLES)) expect(BUILT_IN_ROLES).toHaveProperty([name])
  })

  it('are found by name, whatever its case, and by id; an id that is not one of theirs stands for itself', () => {
    const exchange = { name: 'Exchange Administrator', id: '29232cdf-9323-42fd-ade2-1d097af3e4de' }
    expect(findDirectoryRole(' exchange ADMINISTRATOR')).toEqual(exchange)
    expect(findDirectoryRole(exchange.id.toUpperCase())).toEqual(exchange)
    const custom = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7eab'
    expect(findDirectoryRole(custom)).toEqual({ name: custom, id: custom })
    expect(findDirectoryRole('Exchange')).toBeUndefined()
  })
})
