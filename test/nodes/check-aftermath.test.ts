import { describe, expect, test } from 'vitest'
import { Graph, type GraphNode, type GraphSettings, type NodeSettings } from '../../worker/contract/graph.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

const workflowId = 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d'

function node(id: string, type: string, params: GraphNode['params'] = {}, settings?: NodeSettings): GraphNode {
  return { id, type, name: id, params, position: { x: 0, y: 0 }, ...(settings && { settings }) }
}

const call = (id: string, settings?: NodeSettings, url = 'https://example.com') =>
  node(id, 'http.request', { url, method: 'POST' }, settings)

/** `book:undo > cancel` and so on. */
function graphOf(ways: string, nodes: GraphNode[], settings?: GraphSettings): Graph {
  const edges = ways.split('; ').map((way, at) => {
    const [from = '', target = ''] = way.split(' > ')
    const [source = '', sourcePort = 'out'] = from.split(':')
    return { id: `e${at}`, source, sourcePort, target }
  })
  return Graph.parse({ version: 1, nodes, edges, ...(settings && { settings }) })
}

function problems(...args: Parameters<typeof graphOf>) {
  return validateGraph(graphOf(...args)).map(({ severity, code, path }) => `${severity} ${code} ${path}`)
}

const start = node('start', 'trigger.manual')
const oops = node('oops', 'trigger.failure')
const undoable = call('book', { undo: true })

describe('what is done after a workflow failed', () => {
  test('is right: a handler that reads what was done, a step that undoes another and reads what that gave', () => {
    const tell = call('tell', {}, 'https://example.com/{{ steps.oops.failure.code }}/{{ steps.book?.status }}')
    const cancel = call('cancel', {}, 'https://example.com/{{ steps.book.body.id }}')
    expect(
      problems('start > book; book:out > ship; book:undo > cancel; oops > tell', [
        start,
        undoable,
        call('ship'),
        cancel,
        oops,
        tell,
      ]),
    ).toEqual([])
  })

  test('starts nothing: a workflow needs a trigger beside it', () => {
    expect(problems('oops > tell', [oops, call('tell')])).toContain('error graph.no_trigger nodes')
  })

  test('is one handler: not two, and not a workflow beside it', () => {
    const again = node('again', 'trigger.failure')
    expect(
      problems(
        'start > book; oops > tell; again > tell',
        [start, call('book'), oops, again, call('tell')],
        Graph.parse({ version: 1, nodes: [], edges: [], settings: { errorHandler: { workflowId } } }).settings,
      ),
    ).toEqual(['error failure.several nodes.3', 'error failure.two_handlers settings.errorHandler'])
  })

  test('is apart from what the workflow does: nothing else leads there', () => {
    expect(
      problems('start > book; book:undo > cancel; book:out > cancel; oops > tell; start > tell', [
        start,
        undoable,
        call('cancel'),
        oops,
        call('tell'),
      ]),
    ).toEqual(['error after_end.shared edges.2', 'error after_end.shared edges.4'])
  })

  test('is no goal, and reads no step of the handler from outside', () => {
    const goal = {
      id: 'paid',
      name: 'Paid',
      conditions: {
        operator: 'AND' as const,
        conditions: [{ field: 'event.data.total', operator: 'exists' as const }],
      },
      onAchievement: 'goto' as const,
      goTo: 'tell',
    }
    const reads = call('book', {}, 'https://example.com/{{ steps.tell.body }}')
    expect(problems('start > book; oops > tell', [start, reads, oops, call('tell')], { goals: [goal] })).toEqual([
      expect.stringMatching(/^error expression\./) as unknown,
      'error goal.target_after_end settings.goals.0.goTo',
    ])
  })

  test('says what cannot be undone, or is not, and that a way out has to be asked for', () => {
    const set = node('set', 'data.set', { fields: [{ name: 'a', value: '1' }] }, { undo: true })
    expect(problems('start > set; set > book', [start, set, undoable])).toEqual([
      'warning settings.undo_unused nodes.1.settings.undo',
      'warning undo.nothing nodes.2.settings.undo',
    ])
    expect(problems('start > book', [start, call('book', { undoWhenUnknown: true })])).toEqual([
      'warning settings.undo_unused nodes.1.settings.undoWhenUnknown',
    ])
    expect(problems('start > book; book:undo > cancel', [start, call('book'), call('cancel')])).toEqual([
      'error edge.unknown_port edges.1.sourcePort',
    ])
    expect(
      problems('start > book; oops > cancel; cancel:undo > un', [
        start,
        call('book'),
        oops,
        call('cancel', { undo: true }),
        call('un'),
      ]),
    ).toEqual(['warning undo.after_end nodes.3.settings.undo'])
  })
})

describe('a plan', () => {
  const planOf = (...args: Parameters<typeof graphOf>) =>
    compilePlan({
      graph: graphOf(...args),
      workflow: { id: workflowId, name: 'Trip', version: 1 },
      compileNode: (each) => compiledNode(each),
    })

  test('knows where its handler begins, and what undoes a step', () => {
    const plan = planOf('start > book; book:out > ship; book:undo > cancel; oops > tell', [
      start,
      undoable,
      call('ship'),
      call('cancel'),
      oops,
      call('tell'),
    ])
    expect(plan.handler).toBe('oops')
    expect(plan.nodes.get('book')).toMatchObject({ undo: ['cancel'] })
    expect([...(plan.nodes.get('book')?.next.keys() ?? [])]).toEqual(['out'])
    expect([...plan.aside].sort()).toEqual(['cancel', 'oops', 'tell'])
  })

  test('has no handler where that is disabled, and an own way out called undo where nothing is undone', () => {
    const plan = planOf('start > book; book:undo > cancel; oops > tell', [
      start,
      call('book'),
      call('cancel'),
      { ...oops, settings: { disabled: true } },
      call('tell'),
    ])
    expect(plan.handler).toBeNull()
    expect(plan.nodes.get('book')).toMatchObject({ undo: [] })
    expect(plan.nodes.get('book')?.next.get('undo')).toEqual(['cancel'])
    expect(plan.aside.size).toBe(0)
  })
})
