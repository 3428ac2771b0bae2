// Plain JavaScript, since Pulumi hands TypeScript to a compiler of its own, which does not know this project's settings.
import { startPack } from './pack.ts'

// The SDK reads the pack's version from the current directory, and not every engine starts it here.
process.chdir(import.meta.dirname)
startPack()
