// npm run format: writes every file as `npm run check` wants it.

import { runProgram } from './build/run-program.ts'
import { bin } from './paths.ts'

const formatted = await runProgram(bin('oxfmt'), [], { show: true })
const linted = await runProgram(bin('oxlint'), ['--fix'], { show: true })
process.exit(formatted.isOk && linted.isOk ? 0 : 1)
