import type { JsonObject } from '#contract/json.ts'
import type { Builder } from '../builder.svelte.ts'
import { completionsAt } from '../expression/completions.ts'
import { loadLanguage } from '../expression/load-language.ts'
import type { SampleScope } from '../model/sample-scope.ts'
import { controlKind } from './controls/controls.ts'
import { type InsertTarget, setForm } from './form-context.ts'

/** What the fields of a section read. */
export interface SectionSamples {
  /** Sample data for previews. */
  readonly scope: SampleScope
  /** What completion offers. */
  readonly names: JsonObject
}

/**
 * The form that conditions and expressions need around them, for a section of a workflow's settings: no node, and so no
 * params and no tree of earlier outputs. Called while the section is made; `samples` is read anew whenever it changes.
 */
export function setSectionForm(builder: Builder, samples: () => SectionSamples): void {
  let language = $state.raw<Awaited<ReturnType<typeof loadLanguage>>>()
  void loadLanguage().then((loaded) => (language = loaded))
  let target = $state.raw<InsertTarget>()

  setForm({
    get isReadOnly() {
      return !builder.canEdit
    },
    params: {},
    get scope() {
      return samples().scope
    },
    roots: [],
    get target() {
      return target
    },
    set target(next) {
      target = next
    },
    controlKind,
    complete: (expression) => completionsAt(expression, samples().names, language?.knownFunctions ?? []),
    sampleOf: () => undefined,
  })
}
