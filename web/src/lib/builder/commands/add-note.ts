import { graphLimits } from '#contract/facts/graph.ts'
import { type Point, snapPoint } from '#lib/graph/model/geometry.ts'
import { newNoteSize, withNotes } from '../model/notes.ts'
import { uniqueNodeId } from '../model/unique-id.ts'
import { defineCommand } from './command.ts'

/** Adds an empty note whose top left corner is there. */
export const addNote = defineCommand<{ at: Point }>({
  name: 'addNote',
  label: 'add note',
  perform(graph, { at }) {
    const { notes = [] } = graph
    if (notes.length >= graphLimits.notes) return graph
    const id = uniqueNodeId('note', new Set(notes.map((note) => note.id)))
    return withNotes(graph, [...notes, { id, text: '', position: snapPoint(at), size: newNoteSize, colour: 'yellow' }])
  },
})
