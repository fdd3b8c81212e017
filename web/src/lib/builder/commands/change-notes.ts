import type { GraphNote } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'
import { sameJson } from '#lib/graph/model/same-json.ts'
import { fitSize, withNotes } from '../model/notes.ts'
import { defineCommand } from './command.ts'

export type NotePatch = Partial<Pick<GraphNote, 'text' | 'size' | 'colour'>>

/** Writes in notes, resizes or colours them, by their ids. What is too long or too large is cut to what a note may be. */
export const changeNotes = defineCommand<{ patches: ReadonlyMap<string, NotePatch> }>({
  name: 'changeNotes',
  label: 'change note',
  coalesce: ({ patches }) => [...patches].map(([id, patch]) => `${id} ${Object.keys(patch).join(' ')}`).join(),
  perform(graph, { patches }) {
    const { notes = [] } = graph
    const next = notes.map((note) => {
      const patch = patches.get(note.id)
      if (patch === undefined) return note
      const { text = note.text, size, colour = note.colour } = patch
      const cut = text.slice(0, graphLimits.noteLength)
      const changed = { ...note, text: cut, size: size === undefined ? note.size : fitSize(size), colour }
      return sameJson(note, changed) ? note : changed
    })
    return next.every((note, index) => note === notes[index]) ? graph : withNotes(graph, next)
  },
})
