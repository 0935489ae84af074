// "Is it really us": two pictures with names and a two-digit number, the same on both sides, new for each
// contact. It must never look like a code: never digits alone, never in boxes, and nobody asks for it.

import {
  Anchor,
  Apple,
  Bike,
  Bird,
  Cat,
  Cherry,
  Cloud,
  Coffee,
  Feather,
  Fish,
  Flower2,
  Gem,
  Leaf,
  Moon,
  Mountain,
  Rabbit,
  Sailboat,
  Shell,
  Snail,
  Sprout,
  Star,
  Sun,
  TreePalm,
  Turtle,
  Umbrella,
  type LucideIcon,
} from 'lucide-react'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'

/** Every picture that a sign may show, by its key; the words are `sign.KEY`. */
export const signPictures = {
  anchor: Anchor,
  apple: Apple,
  bicycle: Bike,
  bird: Bird,
  cat: Cat,
  cherry: Cherry,
  cloud: Cloud,
  cup: Coffee,
  feather: Feather,
  fish: Fish,
  flower: Flower2,
  gem: Gem,
  leaf: Leaf,
  moon: Moon,
  mountain: Mountain,
  palm: TreePalm,
  rabbit: Rabbit,
  sailboat: Sailboat,
  shell: Shell,
  snail: Snail,
  sprout: Sprout,
  star: Star,
  sun: Sun,
  turtle: Turtle,
  umbrella: Umbrella,
} as const satisfies Record<string, LucideIcon>

export type SignPicture = keyof typeof signPictures
const isPicture = (key: string): key is SignPicture => Object.hasOwn(signPictures, key)

/** `plain` without the tinted ground, for places that have one. */
export function OfficialSign({
  pictures,
  number,
  plain,
}: {
  pictures: readonly [string, string]
  number: number
  plain?: boolean
}) {
  useLanguage()
  return (
    <span className={`sign ${plain ? 'plain' : ''}`}>
      {pictures.filter(isPicture).map((key) => (
        <span key={key} className="sign-picture">
          <Icon of={signPictures[key]} />
          {t(`sign.${key}`)}{' '}
        </span>
      ))}
      <span className="num">{String(number).padStart(2, '0')}</span>
    </span>
  )
}
