import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column'
import History from '@lucide/svelte/icons/history'
import Keyboard from '@lucide/svelte/icons/keyboard'
import Play from '@lucide/svelte/icons/play'
import Radio from '@lucide/svelte/icons/radio'
import Rocket from '@lucide/svelte/icons/rocket'
import Save from '@lucide/svelte/icons/save'
import { startListening, triggerToHear } from '../testing/start-listening.ts'
import { startTest } from '../testing/start-test.ts'
import type { Shortcut } from './shortcut.ts'

/** What is offered for the workflow as a whole, whatever is chosen in its drawing. */
export const workflowShortcuts: readonly Shortcut[] = [
  {
    id: 'run',
    label: 'Test run',
    group: 'Workflow',
    keys: ['Ctrl+Enter'],
    icon: Play,
    scope: 'always',
    isOffered: ({ canExecute, isEmpty }) => canExecute && !isEmpty,
    run: (builder) => void startTest(builder),
  },
  {
    id: 'listen',
    label: 'Listen for an event',
    group: 'Workflow',
    keys: [],
    icon: Radio,
    scope: 'page',
    isOffered: (builder) => triggerToHear(builder) !== undefined,
    run(builder) {
      const nodeId = triggerToHear(builder)
      if (nodeId !== undefined) startListening(builder, nodeId)
    },
  },
  {
    id: 'simulate',
    label: 'Simulate many contacts',
    group: 'Workflow',
    keys: ['Ctrl+Shift+Enter'],
    icon: ChartNoAxesColumn,
    scope: 'always',
    isOffered: ({ canExecute, isEmpty }) => canExecute && !isEmpty,
    run: (builder) => builder.toggleSide('simulation'),
  },
  {
    id: 'save',
    label: 'Save the draft now',
    group: 'Workflow',
    keys: ['Ctrl+S'],
    icon: Save,
    scope: 'always',
    isOffered: ({ canEdit }) => canEdit,
    run: ({ draft }) => void draft.saveNow(),
  },
  {
    id: 'publish',
    label: 'Publish…',
    group: 'Workflow',
    keys: [],
    icon: Rocket,
    scope: 'page',
    isOffered: ({ canPublish, isEmpty }) => canPublish && !isEmpty,
    run: (builder) => void (builder.dialog = 'publish'),
  },
  {
    id: 'versions',
    label: 'Versions',
    group: 'Workflow',
    keys: [],
    icon: History,
    scope: 'page',
    run: (builder) => builder.toggleSide('versions'),
  },
  {
    id: 'help',
    label: 'Keys',
    group: 'Workflow',
    keys: ['?'],
    icon: Keyboard,
    scope: 'page',
    run: (builder) => void (builder.dialog = 'shortcuts'),
  },
]
