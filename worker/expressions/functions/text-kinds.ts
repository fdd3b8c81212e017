import { defineMethod, text, type Definition } from './define.ts'
import { hasEmailForm, isDecimal, orderTexts } from './text-forms.ts'

/** What a text is, and how two stand in order. */
export const textKinds: readonly Definition[] = [
  defineMethod('text', {
    name: 'isNumeric',
    takes: [],
    gives: 'boolean',
    description: 'Whether it writes a decimal number.',
    example: '"12.50".isNumeric()',
    result: true,
    run: (self) => isDecimal(self),
  }),
  defineMethod('text', {
    name: 'isEmail',
    takes: [],
    gives: 'boolean',
    description: 'Whether it has the form of an e-mail address.',
    example: '"ada@example.com".isEmail()',
    result: true,
    run: (self) => hasEmailForm(self),
  }),
  defineMethod('text', {
    name: 'isUrl',
    takes: [],
    gives: 'boolean',
    description: 'Whether it is a whole address beginning with http:// or https://.',
    example: '"https://example.com/a?b=1".isUrl()',
    result: true,
    run: (self) => self.length <= 4_096 && /^https?:\/\/[^\s]/i.test(self) && !/\s/.test(self) && URL.canParse(self),
  }),
  defineMethod('text', {
    name: 'compareTo',
    takes: [text('other')],
    gives: 'number',
    description: 'Negative, 0 or positive: how the two stand in order, for sort. Case and accents count last.',
    example: '"Émile".compareTo("Zoe") < 0',
    result: true,
    run: (self, [other]) => orderTexts(self, other),
  }),
]
