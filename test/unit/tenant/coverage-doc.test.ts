import { expect, it } from 'vitest'
import { DIFFERENCES } from '../../../tenant/graph/coverage.ts'
import { routes } from '../../../tenant/graph/routes.ts'

it('has a difference for no route that is not there', () => {
  for (const { on, text } of DIFFERENCES) expect(routes.some(on), text).toBe(true)
})
