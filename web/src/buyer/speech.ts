import { ofBrowser } from '../shared/storage';
import { chooseLanguage, fill, type Table } from '../shared/words';
import en from './messages/en.json';
import zh from './messages/zh.json';
import type { Money } from './types';

/** A text's name. */
export type Word = keyof typeof en;

const tables: Record<string, Table> = { en, zh };
const storageName = 'doorbuster.language';

/** Says everything in one language. */
export class Speech {
  private readonly table: Table;

  /** Where the buyer's own country writes numbers and times differently, that way. */
  private readonly locale: string;

  constructor(readonly language: string, asked: readonly string[] = []) {
    this.table = tables[language] ?? en;
    this.locale = asked.find((one) => one.split('-')[0] === language) ?? this.tag;
  }

  /** The language's name in HTML. */
  get tag(): string {
    return this.say('tag');
  }

  say(word: Word, holes: Readonly<Record<string, string | number>> = {}): string {
    return fill(this.table[word] ?? en[word], holes);
  }

  /** Money, as the language writes it. */
  money({ amount, currency }: Money): string {
    const format = new Intl.NumberFormat(this.locale, { style: 'currency', currency });
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  }

  whole(value: number): string {
    return new Intl.NumberFormat(this.locale).format(value);
  }

  /** A moment where the buyer is; only its time where that is today. */
  moment(iso: string, nowMs: number): string {
    const date = new Date(iso);
    const isToday = date.toDateString() === new Date(nowMs).toDateString();
    return new Intl.DateTimeFormat(this.locale, isToday
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(date);
  }
}

/**
 * The language of this page: the server has sent one to everyone, and what it wrote is written anew where this buyer
 * reads another.
 */
export function speak(): Speech {
  const named = new URLSearchParams(location.search).get('lang');
  const asked = navigator.languages ?? [navigator.language];
  const language = chooseLanguage(Object.keys(tables), named, ofBrowser.get(storageName), asked);
  if (named === language) ofBrowser.set(storageName, language);
  const speech = new Speech(language, asked);
  if (document.documentElement.lang !== speech.tag) translate(speech);
  return speech;
}

function translate(speech: Speech): void {
  document.documentElement.lang = speech.tag;
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = speech.say(element.dataset['t'] as Word);
  }
  const link = document.querySelector<HTMLAnchorElement>('a.language');
  const other = speech.language === 'en' ? 'zh' : 'en';
  const words = tables[other]!;
  if (!link) return;
  link.href = `?lang=${other}`;
  link.lang = link.hreflang = words['tag']!;
  link.textContent = words['language']!;
}
