import { distance } from 'fastest-levenshtein'
import { describe, expect, it, vi } from 'vitest'
import { nearest, suggest } from '../../../lib/nearest.ts'

vi.mock('fastest-levenshtein', async (original) => {
  const library = await original<typeof import('fastest-levenshtein')>()
  return { ...library, distance: vi.fn(library.distance) }
})

describe('the nearest names', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `service-${i}`)

  it('are those with the fewest edits, whatever their case', () => {
    const known = ['Mail.Read', 'Files.Read.All', 'Files.Write']
    expect(nearest('files.raed.all', known)).toEqual(['Files.Read.All'])
    expect(nearest('Files.Read', ['Sites.Read', 'Files.Read.All'])).toContain('Files.Read.All')
    expect(suggest('x', known, 'declare it')).toBe('declare it')
  })

  it('are found among thousands that are alike', () => {
    expect(nearest('service-4711x', many)[0]).toBe('service-4711')
    expect(nearest('Xervice-47', many)[0]).toBe('service-47')
  })

  it('cost a bounded number of comparisons, so that thousands of misspelt names are quick', () => {
    vi.mocked(distance).mockClear()
    nearest('service-4711x', many)
    expect(vi.mocked(distance).mock.calls.length).toBeLessThanOrEqual(250)
  })
})
