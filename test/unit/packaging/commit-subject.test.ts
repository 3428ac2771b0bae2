import { expect, it } from 'vitest'
import { subjectProblem } from '../../../packaging/commit-subject.ts'

it.each([
  'feat(rules): warn about localhost redirect URIs',
  'fix!: refuse a token for another host',
  'build(deps-dev): bump vitest from 4.1.12 to 4.1.13',
  `docs: ${'x'.repeat(66)}`,
])('accepts %s', (subject) => {
  expect(subjectProblem(subject)).toBeUndefined()
})

it.each([
  ['Warn about localhost redirect URIs', 'expected "type(scope): what changed"'],
  ['feature(rules): warn', 'types: feat, fix,'],
  ['fix(Rules): warn', 'expected "type(scope)'],
  ['fix:warn', 'expected "type(scope)'],
  ['fix(rules): ', 'expected "type(scope)'],
  ['fix(rules): warn.', 'remove the period'],
  [`docs: ${'x'.repeat(67)}`, 'at most 72 characters, got 73'],
])('refuses %s', (subject, problem) => {
  expect(subjectProblem(subject)).toContain(problem)
})
