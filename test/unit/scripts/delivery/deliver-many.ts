/** Delivers many generations to one target: `node deliver-many.ts DIRECTORY DECLARATION_AS_JSON NAME COUNT`. */
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { delivery } from '../../../conformance/delivery/support.ts'

const [projectDir = '', declaration = '', name = '', count = '0'] = process.argv.slice(2)
const target = openTarget(JSON.parse(declaration), {
  projectDir,
  env: process.env,
  azureCredential: () => {
    throw new Error('it needs no login')
  },
})
for (let generation = 1; generation <= Number(count); generation++) {
  const each = { ...delivery(), value: `${name}-${generation}` }
  await target.deliver(each)
  if ((await target.holds(each)) === 'no') throw new Error(`${name} lost generation ${generation}`)
}
