import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findProjectDir } from '../../../../infra/program/project-dir.ts'
import { project } from '../../scripts/check/project.ts'

it('prefers what is named, then what the engine says, then the project of the shell, then that of the program', async () => {
  const dir = await project({})
  const other = await project({})
  const inner = join(other, 'infra')
  await mkdir(inner)
  expect(findProjectDir(dir, inner, { ENTRA_APPS_PROJECT_DIR: '/named' })).toBe('/named')
  expect(findProjectDir(dir, inner, {})).toBe(dir)
  expect(findProjectDir('rootDirectory', inner, {})).toBe(other)
  expect(findProjectDir('rootDirectory', inner, { PWD: dir })).toBe(dir)
  expect(findProjectDir('rootDirectory', inner, { PWD: '/' })).toBe(other)
  expect(findProjectDir('rootDirectory', '/', {})).toBe('/')
})
