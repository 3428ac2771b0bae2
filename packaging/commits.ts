/**
 * `npm run commits -- <base> [<head>]`: checks the subjects of the commits after `base`, merges left out. Runs without
 * installed packages.
 */
import { execFileSync } from 'node:child_process'
import { subjectProblem } from './commit-subject.ts'

const [base, head = 'HEAD'] = process.argv.slice(2)
if (base === undefined) {
  console.error('Name the commit to start from: npm run commits -- origin/main')
  process.exit(2)
}
const log = execFileSync(
  'git',
  ['log', '--no-merges', '--format=%h %s', '--end-of-options', `${base}..${head}`],
  { encoding: 'utf8' },
)
const problems = log
  .split('\n')
  .filter(Boolean)
  .flatMap((line) => {
    const problem = subjectProblem(line.slice(line.indexOf(' ') + 1))
    return problem === undefined ? [] : `${line}\n    → ${problem}`
  })
if (problems.length > 0) console.error(problems.join('\n'))
process.exitCode = problems.length > 0 ? 1 : 0
