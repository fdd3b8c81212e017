import { World, type WorldOrder } from './world.ts'

/** Plays something in a world of its own, which has clock, chance and timers of the process for so long. */
export async function inWorld<Result>(order: WorldOrder, play: (world: World) => Promise<Result>): Promise<Result> {
  const world = new World(order)
  const giveBack = world.timeline.takeOver()
  const silence = console.error
  console.error = () => {}
  try {
    return await play(world)
  } finally {
    console.error = silence
    giveBack()
    world.end()
  }
}
