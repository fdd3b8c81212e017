import { appError, type AppError } from '../../lib/app-error.ts'

/** The charset that a content type declares, in lower case. */
export function declaredCharset(contentType: string): string | undefined {
  return /;\s*charset="?([\w:.-]{1,40})/i.exec(contentType)?.[1]?.toLowerCase()
}

/** Reads strictly: what does not fit throws a `TypeError`. Undefined for a charset nobody knows. */
export function strictDecoder(charset: string, { keepMark = false } = {}): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: keepMark })
  } catch {
    return undefined
  }
}

/** The bytes as text, or undefined where they do not fit. */
export function decoded(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** The body was sent in another charset than it is said to be in. */
export function misfit(charset: string): AppError {
  return appError('request.invalid', { message: `The body is not valid ${charset}.`, details: { charset } })
}

/** No body of this content type is read. */
export function unsupported(contentType: string): AppError {
  return appError('request.unsupported_media_type', { details: { contentType: contentType.slice(0, 200) } })
}
