/** So many executions of a tree are shown at most. */
export const maxTreeNodes = 200
