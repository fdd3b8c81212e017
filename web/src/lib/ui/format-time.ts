const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/**
 * How far away an instant is, in words as short as they can be: `just now`, `12 s ago`, `in 3 h`, `yesterday at 14:02`,
 * `Tue 09:00` within a week ahead, else the date. Both times are epoch ms; `locale` is the reader's.
 */
export function formatRelative(at: number, now: number, locale?: string): string {
  const ahead = at - now
  const distance = Math.abs(ahead)
  if (distance < 5 * second) return 'just now'
  if (distance < 12 * hour) {
    const amount = distance < minute ? `${Math.floor(distance / second)} s` : coarse(distance)
    return ahead > 0 ? `in ${amount}` : `${amount} ago`
  }
  const days = daysBetween(now, at)
  if (days === 0) return `today at ${timeOfDay(at, locale)}`
  if (days === -1) return `yesterday at ${timeOfDay(at, locale)}`
  if (days === 1) return `tomorrow at ${timeOfDay(at, locale)}`
  if (days > 1 && days < 7) return `${format(at, { weekday: 'short' }, locale)} ${timeOfDay(at, locale)}`
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(
    at,
    sameYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' },
    locale,
  )
}

/** An instant to the second, with its time zone, for whoever wants to know exactly. */
export function formatExact(at: number, locale?: string): string {
  return format(
    at,
    {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    },
    locale,
  )
}

/** How long something took: `< 1 ms`, `340 ms`, `1.2 s`, `45 s`, `2 min 5 s`, `3 h 4 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return '< 1 ms'
  if (ms < second) return `${Math.floor(ms)} ms`
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return twoUnits(ms, [minute, 'min'], [second, 's'])
  if (ms < day) return twoUnits(ms, [hour, 'h'], [minute, 'min'])
  return twoUnits(ms, [day, 'd'], [hour, 'h'])
}

/** A length of time that nobody knows to the second: `a few seconds`, `40 s`, `5 min`, `1 h 30 min`, `12 h`, `3 d`. */
export function formatAbout(ms: number): string {
  const [seconds, minutes, hours] = [Math.round(ms / (5 * second)) * 5, Math.round(ms / minute), Math.round(ms / hour)]
  if (seconds < 10) return 'a few seconds'
  if (seconds < 60) return `${seconds} s`
  if (minutes < 60) return `${minutes} min`
  if (minutes < 115) return formatDuration(Math.round(ms / (10 * minute)) * 10 * minute)
  return hours < 36 ? `${hours} h` : `${Math.round(ms / day)} d`
}

function twoUnits(ms: number, [size, name]: [number, string], [smallSize, smallName]: [number, string]): string {
  const rest = Math.floor((ms % size) / smallSize)
  return rest === 0 ? `${Math.floor(ms / size)} ${name}` : `${Math.floor(ms / size)} ${name} ${rest} ${smallName}`
}

function coarse(ms: number): string {
  return ms < hour ? `${Math.floor(ms / minute)} min` : `${Math.floor(ms / hour)} h`
}

function daysBetween(from: number, to: number): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / day)
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

function timeOfDay(at: number, locale?: string): string {
  return format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, locale)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions, locale?: string): string {
  const key = JSON.stringify([locale, options])
  const formatter = formats.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formats.set(key, formatter)
  return formatter.format(at)
}
