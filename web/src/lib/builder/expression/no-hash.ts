// In place of `node:crypto`, for the browser (vite.config.ts): a step that is compiled to preview what it gives brings
// along the code of those that hash what they send. None of them is run here.

export function createHash(): never {
  throw new Error('Nothing is hashed in the browser.')
}
