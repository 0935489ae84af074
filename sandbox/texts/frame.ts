// What every page of the sandbox says around its content, in three languages.
import type { Locale } from '../../contract/schema.ts'

interface FrameTexts {
  mark: string
  sandbox: string
  language: string
  home: string
  phone: string
  shop: string
  bank: string
}

export const frameTexts: Record<Locale, FrameTexts> = {
  en: {
    mark: 'Sandbox: no real money',
    sandbox: 'Tuntas sandbox',
    language: 'Language',
    home: 'Switches',
    phone: 'Phone',
    shop: 'Shop',
    bank: 'Bank',
  },
  'id-ID': {
    mark: 'Sandbox: bukan uang sungguhan',
    sandbox: 'Sandbox Tuntas',
    language: 'Bahasa',
    home: 'Sakelar',
    phone: 'Ponsel',
    shop: 'Toko',
    bank: 'Bank',
  },
  'zh-CN': {
    mark: '沙盒环境：不是真钱',
    sandbox: 'Tuntas 沙盒',
    language: '语言',
    home: '开关',
    phone: '手机',
    shop: '商店',
    bank: '银行',
  },
}
