import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { missingFor } from '../support/backends/index.ts'
import { openStageWith, type StageTenant } from '../support/stage.ts'

test.skipIf(missingFor('postgres'))(
  'a stage that cannot be set up leaves neither its tenant nor its PostgreSQL running',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stage-test-'))
    // The server may run as another user.
    chmodSync(folder, 0o711)
    vi.stubEnv('TMPDIR', folder)
    const close = vi.fn(async () => {})
    try {
      // A tenant without files: the set-up fails at them, after the server has started.
      const tenant = { deployer: { secretFile: join(folder, 'nowhere') }, close } as unknown as StageTenant
      await expect(openStageWith('postgres', async () => tenant)).rejects.toThrow()
      expect(close).toHaveBeenCalledOnce()
      expect(readdirSync(folder)).toEqual([])
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
