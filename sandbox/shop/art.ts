// Pictures of the goods, drawn by the sandbox itself as SVG from a few motifs.
import { html, Html, type Part } from '../platform/html.ts'
import type { Good, Motif } from './goods.ts'

interface Canvas {
  width: number
  height: number
  ink: string
  second: string
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

const motifs: Record<Motif, (canvas: Canvas) => Part> = {
  market: ({ width, height, ink, second }) =>
    html` ${range(4).map((row) =>
        range(5).map(
          (column) =>
            html`<circle
              cx="${column * 56 + (row % 2) * 28}"
              cy="${50 + row * 34}"
              r="${7 + ((row + column) % 3) * 3}"
              fill="${row % 2 ? second : ink}"
              opacity="${0.95 - row * 0.14}"
            />`,
        ),
      )}
      <path
        d="M0 ${height * 0.62} l34 -34 34 34 34 -34 34 34 34 -34 34 34 34 -34 34 34 V${height} H0Z"
        fill="${ink}"
        opacity=".16"
      />
      <path
        d="M0 ${height * 0.7} l48 -42 48 42 48 -42 48 42 48 -42 48 42 V${height} H0Z"
        fill="${second}"
        opacity=".55"
      />
      <rect x="0" y="${height - 30}" width="${width}" height="30" fill="${ink}" opacity=".2" />`,
  spice: ({ width, ink, second }) =>
    html` ${range(8).map(
        (index) =>
          html`<ellipse
            cx="${width / 2}"
            cy="88"
            rx="15"
            ry="52"
            fill="${index % 2 ? ink : second}"
            opacity=".85"
            transform="rotate(${index * 45} ${width / 2} 130)"
          />`,
      )}
      <circle cx="${width / 2}" cy="130" r="20" fill="${ink}" />
      <circle cx="${width / 2}" cy="130" r="8" fill="${second}" />`,
  waves: ({ width, height, ink, second }) =>
    html` <circle cx="${width * 0.68}" cy="${height * 0.27}" r="34" fill="${second}" />
      ${range(6).map(
        (row) =>
          html`<path
            d="M-40 ${height * 0.45 + row * 26} q30 -26 60 0 t60 0 t60 0 t60 0 t60 0"
            fill="none"
            stroke="${ink}"
            stroke-width="${7 - row * 0.7}"
            opacity="${0.95 - row * 0.12}"
          />`,
      )}`,
  moon: ({ width, height, ink, second }) =>
    html` <circle cx="${width / 2}" cy="${height * 0.33}" r="48" fill="${ink}" />
      ${range(4).map(
        (row) =>
          html`<path
            d="M-10 ${height * 0.66 + row * 26} Q${width / 2} ${height * 0.5 + row * 26} ${width + 10} ${height * 0.66 + row * 26} V${height} H-10Z"
            fill="${second}"
            opacity="${0.45 + row * 0.16}"
          />`,
      )}`,
  leaves: ({ width, height, ink, second }) =>
    html` ${range(5).map((row) => {
        const y = height * 0.24 + row * 34
        return html`<path
            d="M${width / 2} ${y + 30} q-62 -6 -76 -46 q58 -2 76 46Z"
            fill="${row % 2 ? second : ink}"
            opacity=".9"
          />
          <path
            d="M${width / 2} ${y + 30} q62 -6 76 -46 q-58 -2 -76 46Z"
            fill="${row % 2 ? ink : second}"
            opacity=".75"
          />`
      })}
      <path d="M${width / 2} 30 V${height}" stroke="${ink}" stroke-width="3" />`,
  rays: ({ width, height, ink, second }) =>
    html` ${range(14).map(
        (index) =>
          html`<path
            d="M${width / 2} ${height * 0.6} L${width / 2 - 8} -90 h16Z"
            fill="${ink}"
            opacity=".75"
            transform="rotate(${(index - 6.5) * 13} ${width / 2} ${height * 0.6})"
          />`,
      )}
      <path d="M-10 ${height} L${width / 2} ${height * 0.42} L${width + 10} ${height}Z" fill="${second}" />
      <path
        d="M${width / 2 - 26} ${height * 0.534} L${width / 2} ${height * 0.42} L${width / 2 + 26} ${height * 0.534} l-14 10 -12 -9 -12 9Z"
        fill="#fff"
        opacity=".9"
      />`,
  kawung: ({ ink, second }) =>
    html` ${range(5).map((row) =>
      range(5).map(
        (column) =>
          html`<g
            transform="translate(${column * 56 - 8} ${row * 56 - 8})"
            fill="none"
            stroke="${ink}"
            stroke-width="3"
          >
            <circle cx="28" cy="28" r="30" opacity=".9" /><circle
              cx="28"
              cy="28"
              r="16"
              stroke="${second}"
              opacity=".8"
            />
          </g>`,
      ),
    )}`,
  parang: ({ ink, second }) =>
    html` <g transform="rotate(-45 120 120)">
      ${range(11).map(
        (row) =>
          html`<rect x="-120" y="${row * 46 - 90}" width="480" height="13" fill="${ink}" />
            ${range(8).map((column) => html`<circle cx="${column * 60 - 60}" cy="${row * 46 - 60}" r="6" fill="${second}" />`)}`,
      )}
    </g>`,
  lamp: ({ ink, second }) =>
    html` <path d="M92 66 l78 26 -26 44 -70 -24Z" fill="${second}" />
      <path
        d="M86 84 L64 138 L112 184"
        fill="none"
        stroke="${ink}"
        stroke-width="10"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <ellipse cx="112" cy="192" rx="52" ry="10" fill="${ink}" />
      <path d="M132 134 l52 62 h-72Z" fill="${second}" opacity=".25" />`,
  fan: ({ ink, second }) =>
    html` <circle cx="120" cy="98" r="66" fill="none" stroke="${ink}" stroke-width="8" />
      ${range(3).map((index) => html`<path d="M120 98 q-10 -58 26 -50 q22 18 -26 50Z" fill="${second}" transform="rotate(${index * 120} 120 98)" />`)}
      <circle cx="120" cy="98" r="11" fill="${ink}" />
      <path d="M120 164 v34" stroke="${ink}" stroke-width="11" /><rect
        x="74"
        y="196"
        width="92"
        height="14"
        rx="7"
        fill="${ink}"
      />`,
  pot: ({ ink, second }) =>
    html` <path d="M58 106 h124 v56 a34 34 0 0 1 -34 34 h-56 a34 34 0 0 1 -34 -34Z" fill="${ink}" />
      <path d="M64 100 a56 46 0 0 1 112 0Z" fill="${second}" /><rect
        x="106"
        y="42"
        width="28"
        height="14"
        rx="7"
        fill="${ink}"
      />
      <circle cx="120" cy="148" r="14" fill="${second}" /><rect
        x="44"
        y="118"
        width="14"
        height="30"
        rx="7"
        fill="${second}"
      /><rect x="182" y="118" width="14" height="30" rx="7" fill="${second}" />`,
  radio: ({ ink, second }) =>
    html` <path d="M160 84 L196 34" stroke="${ink}" stroke-width="6" stroke-linecap="round" />
      <rect x="42" y="80" width="156" height="112" rx="18" fill="${ink}" /><circle
        cx="94"
        cy="136"
        r="34"
        fill="${second}"
      />
      <circle cx="94" cy="136" r="15" fill="${ink}" opacity=".5" /><rect
        x="142"
        y="104"
        width="40"
        height="16"
        rx="5"
        fill="#fff"
        opacity=".85"
      />
      <circle cx="152" cy="154" r="10" fill="${second}" /><circle
        cx="178"
        cy="154"
        r="10"
        fill="${second}"
      />`,
}

function titleLines(title: string): string[] {
  const lines: string[] = []
  for (const word of title.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= 12) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** The picture of a good: a printed cover for books, a square for things. */
export function drawGood(good: Good, shape: 'cover' | 'square'): string {
  const { ground, ink, second, motif } = good.art
  const [width, height] = shape === 'cover' ? [240, 340] : [240, 240]
  const lines = titleLines(good.title)
  const title = html`<rect
      y="${height - 38 - lines.length * 27}"
      width="${width}"
      height="${38 + lines.length * 27}"
      fill="${ground}"
    />
    ${lines.map(
      (line, index) =>
        html`<text
          x="18"
          y="${height - 30 - (lines.length - 1 - index) * 27 - 6}"
          font-family="Georgia, 'Times New Roman', serif"
          font-size="25"
          font-weight="700"
          fill="${ink}"
          >${line}</text
        >`,
    )}
    <text
      x="18"
      y="${height - 13}"
      font-family="Inter, Arial, sans-serif"
      font-size="12.5"
      fill="${ink}"
      opacity=".92"
      >${good.maker}</text
    >
    <rect width="9" height="${height}" fill="#000" opacity=".16" />`
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
  >
    <rect width="${width}" height="${height}" fill="${ground}" />
    ${new Html(String(motifs[motif]({ width, height, ink, second })))}${shape === 'cover' ? title : ''}
  </svg>`.text
}
