import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Takes longer than all other files of its project together. */
const longest = 'test/simulation/simulation.test.ts'

/**
 * The order of files: as ever, by how long they took or how large they are, but the longest first, which is a small file. Who
 * begins with it does not wait for it alone in the end.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith(longest)
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
}
