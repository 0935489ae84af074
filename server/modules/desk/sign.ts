// The sign that tells a customer "it is really us": two pictures and a number, the same on both sides of a conversation.
// It is drawn by chance, so that nobody who has seen one can guess the next; it is never a code that is asked for.
import { randomInt } from 'node:crypto'

/** Every picture that the screens can draw (`sign.KEY` are its words); a test keeps it equal to theirs. */
export const signPictureKeys = [
  'anchor',
  'apple',
  'bicycle',
  'bird',
  'cat',
  'cherry',
  'cloud',
  'cup',
  'feather',
  'fish',
  'flower',
  'gem',
  'leaf',
  'moon',
  'mountain',
  'palm',
  'rabbit',
  'sailboat',
  'shell',
  'snail',
  'sprout',
  'star',
  'sun',
  'turtle',
  'umbrella',
] as const

export interface Sign {
  pictures: [string, string]
  /** 10 to 99. */
  number: number
}

/** A new sign: two different pictures in either order, each pair as likely as any other. */
export function newSign(): Sign {
  const first = randomInt(signPictureKeys.length)
  const further = 1 + randomInt(signPictureKeys.length - 1)
  const second = (first + further) % signPictureKeys.length
  return { pictures: [signPictureKeys[first]!, signPictureKeys[second]!], number: randomInt(10, 100) }
}
