import { describe, expect, it } from 'vitest'
import { asInvoked } from '../../../lib/invocation.ts'
import manifest from '../../../package.json' with { type: 'json' }

describe('asInvoked', () => {
  const message =
    'run: npm run rotate -- --now, or eval "$(npm run -s tenant:env)"; `npm run up` and npm run test'

  it('leaves messages of the repository as they are', () => {
    expect(asInvoked(message, 'file:///src/infra/invocation.ts')).toBe(message)
  })

  it.each(
    Object.entries(manifest.scripts).flatMap(([name, script]) =>
      script === `node scripts/main.js ${name}` ? [name] : [],
    ),
  )('knows %s', (name) => {
    const said = asInvoked(`npm run ${name}`, 'file:///node_modules/entra-apps/dist/infra/invocation.js')
    expect(said).toBe(`npx entra-apps ${name}`)
  })

  it('names the commands of the package where the package speaks, and no other scripts', () => {
    expect(asInvoked(message, 'file:///node_modules/entra-apps/dist/infra/invocation.js')).toBe(
      'run: npx entra-apps rotate --now, or eval "$(npx entra-apps tenant:env)"; `npx entra-apps up` and npm run test',
    )
  })
})
