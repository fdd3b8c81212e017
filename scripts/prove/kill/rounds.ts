import { chooseMoments, type Moment } from './moments.ts'
import { programs, targets, type Program } from './programs.ts'
import type { Random } from './random.ts'

/** One stretch between two starts: what may be sent, and when the power is cut. */
export interface Round {
  /** So many events of any kind, or one for each of these. */
  events: number | readonly (readonly Program[])[]
  moment: Moment
}

/** An event may start two executions, and some are never acknowledged; this is how many one starts on average. */
const executionsPerEvent = (programs.length / targets.length) * 0.95

const calmEvery = 5

/** Anything at any time: about so many executions, spread over so many outages. */
export function storm(random: Random, { executions, kills }: { executions: number; kills: number }): Round[] {
  const events = Math.ceil(executions / executionsPerEvent / kills)
  const calms = Math.floor(kills / calmEvery)
  return withCalms(
    chooseMoments(random, kills - calms).map((moment) => ({ events, moment })),
    events,
  )
}

/** Every fifth outage finds nothing to cut off. */
function withCalms(rounds: readonly Round[], events: number): Round[] {
  const calm: Round = { events, moment: { kind: 'calm' } }
  return rounds.flatMap((round, index) => ((index + 1) % (calmEvery - 1) === 0 ? [round, calm] : [round]))
}

/** From the acknowledgement on: inbox, queue, consumer, object, projection take their turns within these, in ms. */
const afterAcknowledgement = [0, 2, 5, 10, 20, 40, 80, 160]

/** Every boundary by itself: each call of each workflow at each instant of its life, and each way in, ms by ms. */
export function boundaries(): Round[] {
  const calls = programs.flatMap((program) =>
    program.calls.flatMap(({ step, fails = 0 }) =>
      Array.from({ length: fails + 1 }, (_, earlier) =>
        (['arrived', 'committed', 'answered'] as const).map((instant): Round => {
          const watched = { instant, nth: earlier + 1, body: { program: program.name, step } }
          return { events: [targetOf(program)], moment: { kind: 'call', watched } }
        }),
      ).flat(),
    ),
  )
  const acknowledgements = targets.flatMap((target) =>
    afterAcknowledgement.map((afterMs): Round => ({
      events: [target],
      moment: { kind: 'acknowledged', nth: 1, afterMs },
    })),
  )
  return withCalms([...calls, ...acknowledgements], 0)
}

function targetOf(program: Program): readonly Program[] {
  return targets.find((target) => target.includes(program)) ?? []
}
