// Links that stay in the app: an app gives its router's `navigate` once, and every link of web/ui uses it.

import { createContext, useContext, type AnchorHTMLAttributes, type MouseEvent } from 'react'

/** Goes to a path without loading the page again; null means ordinary links. */
export const Navigation = createContext<((href: string) => void) | null>(null)

/** An ordinary link; plain clicks on paths of our own go through the router. */
export function A({
  href,
  onClick,
  children,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const navigate = useContext(Navigation)
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    const plain =
      event.button === 0 &&
      !event.metaKey &&
      !event.ctrlKey &&
      !event.shiftKey &&
      !event.altKey &&
      !rest.target
    if (!navigate || !plain || event.defaultPrevented || !/^\/(?!\/)/.test(href)) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  )
}
