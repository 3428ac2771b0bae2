/** Delivers a second generation to `.env` in a directory, in a process of its own, and prints how it failed. */
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { delivery } from '../../../conformance/delivery/support.ts'

const target = openTarget(
  { dotenv: { file: '.env', variable: 'CLIENT_SECRET' } },
  {
    projectDir: process.argv[2] ?? '',
    env: {},
    azureCredential: () => {
      throw new Error('a file needs no login')
    },
  },
)
const failure = await target.deliver(delivery(2)).then(
  () => ({ code: 'DELIVERED' }),
  ({ code, exposed, message }) => ({ code, exposed, message }),
)
process.stdout.write(JSON.stringify(failure))
