// Lengths of time as text, short: "38 s", "3 min", "1 h 31 min", "2 d". Never for a promise to a customer,
// who gets a date or a clock time.

import { currentLanguage, type Language } from '../language.ts'

const units: Record<Language, { s: string; min: string; h: string; d: string }> = {
  en: { s: '\u00a0s', min: '\u00a0min', h: '\u00a0h', d: '\u00a0d' },
  id: { s: '\u00a0dtk', min: '\u00a0mnt', h: '\u00a0jam', d: '\u00a0hari' },
  zh: { s: '\u00a0秒', min: '\u00a0分钟', h: '\u00a0小时', d: '\u00a0天' },
}

/** Seconds below two minutes are told to the second only below one; hours with minutes, days alone. */
export function formatDuration(seconds: number, language: Language = currentLanguage()): string {
  const unit = units[language]
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole}${unit.s}`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}${unit.min}`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)}${unit.d}`
  const rest = minutes % 60
  return rest ? `${hours}${unit.h} ${rest}${unit.min}` : `${hours}${unit.h}`
}

/** "4:32": minutes and seconds of a running countdown. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
