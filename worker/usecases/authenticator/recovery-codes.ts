import { base32 } from '../../lib/base32.ts'
import { sha256Hex } from '../../lib/digest.ts'

const howMany = 10
/** 80 bits: none is ever guessed, so that a plain hash of one can be kept. */
const bytes = 10

/** New ones, as people keep them: `4k2m-…`, four groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: howMany }, () => {
    const text = base32(crypto.getRandomValues(new Uint8Array(bytes)))
    return text.replace(/(.{4})(?=.)/g, '$1-')
  })
}

/** The hash under which a code is kept, however it was typed. */
export function recoveryHash(code: string): string {
  return sha256Hex('leat/recovery/v1\n', plainCode(code))
}

/** A code without the spaces and hyphens that people put into it. */
export function plainCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toLowerCase()
}
