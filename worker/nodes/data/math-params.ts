import { z } from 'zod'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { askedBy, operationParam, type OperationForm } from './operation-form.ts'

const second = { right: 'Give the second number.' }
const whole = { of: 'Say what the whole is.' }

/** Every operation of `data.math`, in the order in which the form offers them. */
export const mathOperations = {
  add: { label: 'Add', asks: ['right'], needs: second },
  subtract: { label: 'Subtract', asks: ['right'], needs: second },
  multiply: { label: 'Multiply', asks: ['right'], needs: second },
  divide: { label: 'Divide', asks: ['right'], needs: second },
  remainder: { label: 'Remainder of a division', asks: ['right'], needs: second },
  power: { label: 'Raise to a power', asks: ['right'], needs: second },
  smaller: { label: 'The smaller of two', asks: ['right'], needs: second },
  larger: { label: 'The larger of two', asks: ['right'], needs: second },
  percentOf: { label: 'Per cent of a whole', asks: ['whole'], needs: { whole: 'Say of what.' } },
  share: { label: 'Share of a whole in per cent', asks: ['whole'], needs: { whole: whole.of } },
  change: { label: 'Change in per cent since', asks: ['before'], needs: { before: 'Say what it was before.' } },
  clamp: { label: 'Keep between two numbers', asks: ['least', 'most'] },
  round: { label: 'Round' },
  floor: { label: 'Round down' },
  ceil: { label: 'Round up' },
  trunc: { label: 'Cut off decimals' },
  abs: { label: 'Without its sign' },
  negate: { label: 'Change its sign' },
  sqrt: { label: 'Square root' },
  format: { label: 'Write as a number', asks: ['language', 'decimals'] },
  currency: { label: 'Write as money', asks: ['currency', 'language'] },
  percent: { label: 'Write as per cent', asks: ['language', 'decimals'] },
} as const satisfies Record<string, OperationForm>

/** Operations that give text: rounding belongs to how they write it. */
const writing = ['format', 'currency', 'percent'] as const

const number = (param: string, title: string, placeholder: string) =>
  anyJson.optional().meta(
    field({
      title,
      control: 'expression',
      placeholder,
      lines: 1,
      ...(param === 'least' || param === 'most' ? {} : { isNeeded: true }),
      showWhen: askedBy(mathOperations, param),
    }),
  )

export const mathParams = lazySchema(() =>
  z.strictObject({
    operation: operationParam(mathOperations, { title: 'Do', first: 'add' }),
    source: anyJson
      .optional()
      .meta(
        field({ title: 'Number', control: 'expression', placeholder: 'trigger.body.price', isNeeded: true, lines: 1 }),
      ),
    right: number('right', 'Second number', 'trigger.body.quantity'),
    whole: number('whole', 'Of', 'trigger.body.total'),
    before: number('before', 'Since', 'vars.lastTotal'),
    least: number('least', 'At least', '0'),
    most: number('most', 'At most', '100'),
    currency: z
      .string()
      .max(80)
      .default('EUR')
      .meta(
        field({
          title: 'Currency',
          description: 'Its code of three letters.',
          control: 'text',
          placeholder: 'EUR',
          showWhen: askedBy(mathOperations, 'currency'),
        }),
      ),
    language: z
      .string()
      .max(80)
      .default('en')
      .meta(
        field({
          title: 'Language',
          description: 'Whose way of writing it is, such as en, de or pt-BR.',
          control: 'text',
          placeholder: 'en',
          showWhen: askedBy(mathOperations, 'language'),
        }),
      ),
    decimals: z
      .int()
      .min(0)
      .max(15)
      .optional()
      .meta(
        field({
          title: 'Digits after the point',
          description: 'Left empty, as many as there are.',
          control: 'number',
          showWhen: askedBy(mathOperations, 'decimals'),
        }),
      ),
    round: z
      .int()
      .min(-15)
      .max(15)
      .optional()
      .meta(
        field({
          title: 'Round to',
          description: 'Digits after the point. Left empty, the result is not rounded.',
          control: 'number',
          showWhen: {
            operation: Object.keys(mathOperations).filter((name) => !writing.some((each) => each === name)),
          },
        }),
      ),
    fallback: anyJson.optional().meta(
      field({
        title: 'If a number is missing',
        description: 'Taken for each that is missing or null. Left empty, the step fails then.',
        control: 'json',
        placeholder: '0',
        lines: 1,
      }),
    ),
  }),
)

export type MathParams = ParamsOf<typeof mathParams>
export type MathOperation = keyof typeof mathOperations
