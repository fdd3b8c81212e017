import { expect, test } from 'vitest'
import { nextGoal } from '../../../web/src/lib/builder/settings/next-goal.ts'

const goal = (id: string) => ({ id, name: id })

test('goals are numbered as they are added', () => {
  expect(nextGoal([], [])).toMatchObject({ id: 'goal1', name: 'Goal 1', onAchievement: 'exit' })
  expect(nextGoal([goal('goal1')], [])).toMatchObject({ id: 'goal2', name: 'Goal 2' })
})

test('a goal gets the id of no other, whichever of them were removed', () => {
  expect(nextGoal([goal('goal2')], []).id).toBe('goal3')
  expect(nextGoal([goal('goal3'), goal('signed-up')], []).id).toBe('goal4')
})

test('a goal in the place of one that people reached, and that was removed, is not taken for it', () => {
  expect(nextGoal([goal('goal1')], [goal('goal1'), goal('goal2')])).toMatchObject({ id: 'goal3', name: 'Goal 2' })
})
