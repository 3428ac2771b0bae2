/** Delivers many generations to one variable of a `.env` file: `node deliver-many.ts DIRECTORY VARIABLE COUNT`. */
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { delivery } from '../../../conformance/delivery/support.ts'

const [projectDir = '', variable = '', count = '0'] = process.argv.slice(2)
const target = openTarget(
  { dotenv: { file: '.env', variable } },
  {
    projectDir,
    env: {},
    azureCredential: () => {
      throw new Error('a file needs no login')
    },
  },
)
for (let generation = 1; generation <= Number(count); generation++) {
  const each = { ...delivery(), value: `${variable}-${generation}` }
  await target.deliver(each)
  if ((await target.holds(each)) !== 'yes') throw new Error(`${variable} lost generation ${generation}`)
}
