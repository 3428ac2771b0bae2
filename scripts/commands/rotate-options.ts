import { type Command, InvalidArgumentError } from 'commander'

/** Describes `rotate` to people: what it does, and each of its options. */
export function describeRotate(command: Command): Command {
  return command
    .description(
      'rotate the secrets and certificates that are due: issue, prove, deliver, promote; retire the old ones later',
    )
    .option('-a, --app <name>', 'only this application')
    .option('--secret <name>', 'only secrets and certificates of this name')
    .option('--now', 'rotate now, due or not')
    .option('--revoke', 'the secret has leaked: rotate now, and retire the old one after a day at most')
    .option('--immediately', 'with --revoke: retire it in this run; consumers that still hold it are cut off')
    .option('--retire', 'only retire what is overdue')
    .option(
      '--prune',
      'only delete secrets named like ours, and copies of our certificates, that no state knows',
    )
    .option('-n, --dry-run', 'show the plan, change nothing')
    .option('--deadline <time>', 'how long to wait for a new secret to work (default: 10m)')
    .option('--successes <count>', 'successes in a row that prove a new secret (default: 3)', parseCount)
    .option('--json', 'print plan and report as JSON')
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('it must be a whole number from 1.')
}
