const credential = /authorization|cookie|token|secret|password|api-?key|credential|session|signature|hmac|x-auth/

/** Whether a header speaks for somebody: it leaves to one origin only, and is shown masked. Case does not matter. */
export function isCredentialHeader(name: string): boolean {
  return credential.test(name.toLowerCase())
}
