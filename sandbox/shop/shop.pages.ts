// The shop as its customers see it: catalogue, basket, order; and the shopkeeper's list.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { rupiah, timeOfDay } from '../platform/language.ts'
import { languageLinks, page } from '../platform/page.ts'
import { frameTexts } from '../texts/frame.ts'
import { accountTexts } from '../texts/account.ts'
import { refundTexts } from '../texts/refunds.ts'
import { shopTexts } from '../texts/shop.ts'
import { basketLines, type Basket, type Shop, type ShopOrder } from './shops.ts'

export interface Visit {
  shop: Shop
  locale: Locale
  basket: Basket
  /** The path of this page, for the language links. */
  path: string
}

const bag = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M6 8h12l1 12H5L6 8Z M9 8V6a3 3 0 0 1 6 0v2" />
</svg>`

export function frame(visit: Visit, title: string, body: Html): Html {
  const { shop, locale, basket } = visit
  const texts = shopTexts[locale]
  const count = [...basket.values()].reduce((sum, quantity) => sum + quantity, 0)
  const home = `/shop/${shop.slug}`
  return page({
    title: `${title} · ${shop.name}`,
    locale,
    styles: ['shop', 'orders'],
    bodyClass: `shop theme-${shop.catalogue.theme}`,
    body: html`<header class="shop-bar">
        <a class="shop-name" href="${home}" lang="id">${shop.name}</a>
        <nav aria-label="${shop.name}">
          <a href="${home}" ${visit.path === home ? html`aria-current="page"` : ''}>${texts.goods}</a>
          <a href="${home}/orders" ${visit.path === `${home}/orders` ? html`aria-current="page"` : ''}
            >${texts.orders}</a
          >
          <a href="${home}/refunds" ${visit.path === `${home}/refunds` ? html`aria-current="page"` : ''}
            >${refundTexts[locale].nav}</a
          >
          <a href="${home}/account" ${visit.path === `${home}/account` ? html`aria-current="page"` : ''}
            >${accountTexts[locale].nav}</a
          >
        </nav>
        <a class="basket-link" href="${home}/basket"
          >${bag}<span>${texts.basket}</span>${count > 0 && html` <b>${count}</b>`}</a
        >
      </header>
      <main class="shop-main">${body}</main>
      <footer class="shop-foot">
        <p><span lang="id">${shop.name}</span> · ${shop.catalogue.tagline[locale]}</p>
        ${languageLinks(locale, visit.path)}
      </footer>`,
  })
}

function picture(shop: Shop, sku: string): Html {
  const [width, height] = shop.catalogue.shape === 'cover' ? [240, 340] : [240, 240]
  return html`<img
    class="art ${shop.catalogue.shape}"
    src="/shop/${shop.slug}/goods/${sku}.svg"
    width="${width}"
    height="${height}"
    alt=""
  />`
}

export function cataloguePage(visit: Visit, added: boolean): Html {
  const { shop, locale } = visit
  const texts = shopTexts[locale]
  const { catalogue } = shop
  return frame(
    visit,
    texts.goods,
    html`<section class="hero">
        <p class="tagline">${catalogue.tagline[locale]}</p>
        <h1>${catalogue.welcome[locale]}</h1>
      </section>
      ${added && html`<p class="added" role="status">${texts.added} <a href="/shop/${shop.slug}/basket">${texts.basket}</a></p>`}
      <ul class="goods ${catalogue.shape}">
        ${catalogue.goods.map(
          (good) =>
            html`<li>
              ${picture(shop, good.sku)}
              <h2 lang="id">${good.title}</h2>
              <p class="maker" lang="id">${good.maker}</p>
              <p class="about">${good.about[locale]}</p>
              <form method="post" action="/shop/${shop.slug}/basket">
                <span class="price">${rupiah(good.priceMinor)}</span>
                <input type="hidden" name="sku" value="${good.sku}" />
                <button class="add" name="change" value="1" aria-label="${texts.add}: ${good.title}">
                  ${texts.add}
                </button>
              </form>
            </li>`,
        )}
      </ul>`,
  )
}

export function basketPage(visit: Visit): Html {
  const { shop, locale, basket } = visit
  const texts = shopTexts[locale]
  const lines = basketLines(shop, basket)
  const back = html`<p><a class="plain-button" href="/shop/${shop.slug}">${texts.backToGoods}</a></p>`
  if (lines.length === 0)
    return frame(
      visit,
      texts.basket,
      html`<h1>${texts.basket}</h1>
        <p class="quiet">${texts.basketEmpty}</p>
        ${back}`,
    )
  const subtotal = lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n)
  return frame(
    visit,
    texts.basket,
    html`<h1>${texts.basket}</h1>
      <div class="two">
        <ul class="lines">
          ${lines.map(
            (line) =>
              html`<li>
                ${picture(shop, line.sku)}
                <div class="what"><b lang="id">${line.title}</b><span lang="id">${line.maker}</span></div>
                <form
                  method="post"
                  action="/shop/${shop.slug}/basket"
                  class="quantity"
                  aria-label="${texts.quantity}: ${line.title}"
                >
                  <input type="hidden" name="sku" value="${line.sku}" />
                  <input type="hidden" name="to" value="basket" />
                  <button name="change" value="-1" aria-label="${texts.less}: ${line.title}">−</button>
                  <output>${line.quantity}</output>
                  <button name="change" value="1" aria-label="${texts.more}: ${line.title}">+</button>
                </form>
                <span class="amount">${rupiah(BigInt(line.amountMinor))}</span>
              </li>`,
          )}
        </ul>
        <section class="summary" aria-label="${texts.total}">
          ${totals(texts, subtotal, shop.catalogue.shippingMinor)}
          <form method="post" action="/shop/${shop.slug}/orders">
            <button class="pay" type="submit">${texts.pay}</button>
          </form>
          <p class="quiet small">${texts.payNote}</p>
          ${back}
        </section>
      </div>`,
  )
}

function totals(texts: (typeof shopTexts)[Locale], subtotal: bigint, shipping: bigint): Html {
  return html`<dl class="totals">
    <div>
      <dt>${texts.subtotal}</dt>
      <dd>${rupiah(subtotal)}</dd>
    </div>
    <div>
      <dt>${texts.shipping}</dt>
      <dd>${rupiah(shipping)}</dd>
    </div>
    <div class="sum">
      <dt>${texts.total}</dt>
      <dd>${rupiah(subtotal + shipping)}</dd>
    </div>
  </dl>`
}

/** The part of the order's page that shows itself anew: its state from the shop's own record. */
export function orderState(visit: Visit, order: ShopOrder): Html {
  const texts = shopTexts[visit.locale]
  const reached = order.state === 'paid' ? 2 : 1
  const stopped = ['cancelled', 'expired', 'refunded'].includes(order.state)
  return html`<ol class="steps ${stopped ? 'stopped' : ''}">
      ${texts.steps.map(
        (step, index) =>
          html`<li
            class="${index < reached ? 'done' : ''}"
            ${index === reached - 1 ? html`aria-current="step"` : ''}
          >
            ${step}
          </li>`,
      )}
    </ol>
    <p class="order-state ${order.state}" data-state="${order.state}"><b>${texts.state[order.state]}</b></p>
    <p>${texts.sentence[order.state]}</p>
    ${order.payment && html`<p class="quiet">${texts.reference}: <b class="reference">${order.payment}</b></p>`}
    ${order.state === 'new' && order.problem && html`<p class="quiet small">${order.problem}</p>`}
    ${
      order.state === 'new' &&
      html`<form method="post" action="/shop/${visit.shop.slug}/orders/${order.number}/pay">
        <button class="pay narrow">${texts.payAgain}</button>
      </form>`
    }
    ${
      order.state === 'waiting' &&
      order.checkout_url &&
      html`<p><a class="pay narrow" href="${order.checkout_url}">${texts.toPayment}</a></p>`
    }`
}

export function orderPage(visit: Visit, order: ShopOrder): Html {
  const { shop, locale } = visit
  const texts = shopTexts[locale]
  const subtotal = order.lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n)
  return frame(
    visit,
    `${texts.order} ${order.number}`,
    html`<h1>${texts.order} ${order.number}</h1>
      <p class="quiet">${texts.orderedAt} ${timeOfDay(order.created_at, locale)} WIB</p>
      <div
        class="live-state"
        aria-live="polite"
        data-live="/shop/${shop.slug}/orders/${order.number}/content"
      >
        ${orderState(visit, order)}
      </div>
      <ul class="lines">
        ${order.lines.map(
          (line) =>
            html`<li>
              ${picture(shop, line.sku)}
              <div class="what">
                <b lang="id">${line.title}</b
                ><span>${line.quantity} × <span lang="id">${line.maker}</span></span>
              </div>
              <span class="amount">${rupiah(BigInt(line.amountMinor))}</span>
            </li>`,
        )}
      </ul>
      <section class="summary end">${totals(texts, subtotal, order.total_minor - subtotal)}</section>`,
  )
}

export function ordersList(visit: Visit, orders: readonly ShopOrder[]): Html {
  const texts = shopTexts[visit.locale]
  if (orders.length === 0) return html`<p class="quiet">${texts.noOrders}</p>`
  return html`<ul class="order-list">
    ${orders.map(
      (order) =>
        html`<li>
          <a href="/shop/${visit.shop.slug}/orders/${order.number}">
            <b>${order.number}</b>
            <span class="quiet">${timeOfDay(order.created_at, visit.locale)}</span>
            <span class="tag ${order.state}" data-state="${order.state}">${texts.state[order.state]}</span>
            <span class="amount">${rupiah(order.total_minor)}</span>
            <span class="told quiet">
              ${texts.told}:
              ${
                order.webhooks.length === 0
                  ? texts.notTold
                  : order.webhooks
                      .map(({ type, times }) => `${type}${times > 1 ? ` (${times} ${texts.times})` : ''}`)
                      .join(', ')
              }
              ${order.payment && html` · <span class="reference">${order.payment}</span>`}
            </span>
          </a>
        </li>`,
    )}
  </ul>`
}

export function ordersPage(visit: Visit, orders: readonly ShopOrder[]): Html {
  const texts = shopTexts[visit.locale]
  return frame(
    visit,
    texts.orders,
    html`<h1>${texts.orders}</h1>
      <p class="quiet">${texts.keeper}</p>
      <div data-live="/shop/${visit.shop.slug}/orders/content">${ordersList(visit, orders)}</div>`,
  )
}

/** Answers an address that leads nowhere: a shop that is not there yet, or nothing at all. */
export function missingPage(locale: Locale, what: 'unopened' | 'notFound'): Html {
  return page({
    title: frameTexts[locale].sandbox,
    locale,
    body: html`<main>
      <h1>404</h1>
      <p>${shopTexts[locale][what]}</p>
    </main>`,
  })
}
