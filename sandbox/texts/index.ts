// Every text that the sandbox's pages show, by page and language: what the check looks at.
import { accountTexts } from './account.ts'
import { bankTexts } from './bank.ts'
import { frameTexts } from './frame.ts'
import { homeTexts } from './home.ts'
import { phoneTexts } from './phone.ts'
import { refundTexts } from './refunds.ts'
import { shopTexts } from './shop.ts'

export const allTexts = {
  frame: frameTexts,
  home: homeTexts,
  phone: phoneTexts,
  bank: bankTexts,
  refunds: refundTexts,
  account: accountTexts,
  shop: shopTexts,
}
