import { World, type WorldOrder } from './world.ts'

/** Plays something in a world of its own, which has clock, chance and timers of the process for so long. */
export async function inWorld<Result>(order: WorldOrder, play: (world: World) => Promise<Result>): Promise<Result> {
  const world = new World(order)
  const giveBack = world.timeline.takeOver()
  const silence = console.error
  console.error = () => {}
  const { stackTraceLimit } = Error
  // Thousands of errors are thrown on purpose, and nobody reads where.
  Error.stackTraceLimit = 0
  try {
    return await play(world)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    console.error = silence
    await giveBack()
    world.end()
  }
}
