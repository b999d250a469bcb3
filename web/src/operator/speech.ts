import { chooseLanguage, fill, type Table } from '../shared/words';
import en from './messages/en.json';
import zh from './messages/zh.json';

const TABLES: Record<string, Table> = { en, zh };
const CHOSEN = 'doorbuster.language';

/** Says things in one language, and writes numbers and times as it is done there. */
export class Speech {
  readonly tag: string;
  private readonly whole: Intl.NumberFormat;
  private readonly tenths: Intl.NumberFormat;
  private readonly compact: Intl.NumberFormat;
  private readonly moment: Intl.DateTimeFormat;
  private readonly hour: Intl.DateTimeFormat;

  constructor(readonly language: string) {
    const tag = this.t('tag');
    this.tag = tag;

    // Numbers and times as in the reader's own country, where it speaks this language.
    const local = navigator.languages.find((one) => one.split('-')[0] === tag.split('-')[0]) ?? tag;
    this.whole = new Intl.NumberFormat(local, { maximumFractionDigits: 0 });
    this.tenths = new Intl.NumberFormat(local, { maximumFractionDigits: 1 });
    this.compact = new Intl.NumberFormat(local, { notation: 'compact', maximumFractionDigits: 1 });
    this.moment = new Intl.DateTimeFormat(local, { dateStyle: 'medium', timeStyle: 'medium' });
    this.hour = new Intl.DateTimeFormat(
      local, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  }

  /** The language of this page: what its address names, what was chosen before, or what the browser asks for. */
  static choose(): Speech {
    const named = new URLSearchParams(location.search).get('lang');
    if (named && TABLES[named]) localStorage.setItem(CHOSEN, named);
    return new Speech(
      chooseLanguage(Object.keys(TABLES), named, localStorage.getItem(CHOSEN), navigator.languages));
  }

  /** The other languages, each by its own name. */
  get others(): { language: string; name: string; tag: string }[] {
    return Object.entries(TABLES).filter(([language]) => language !== this.language)
      .map(([language, table]) => ({ language, name: table['language']!, tag: table['tag']! }));
  }

  /** A message of the table; its name where there is none, so that a new word of the server is shown as it is. */
  t(name: string, holes: Record<string, string | number> = {}): string {
    const told = Object.fromEntries(
      Object.entries(holes).map(([hole, value]) => [hole, typeof value === 'number' ? this.number(value) : value]));
    return fill(TABLES[this.language]![name] ?? name, told);
  }

  /** Whether the table has a message. */
  has(name: string): boolean {
    return TABLES[this.language]![name] !== undefined;
  }

  /** A number; a dash where it is not known. */
  number(value: number | null | undefined): string {
    if (value === null || value === undefined) return '–';
    return (Math.abs(value) < 10 ? this.tenths : this.whole).format(value);
  }

  /** A number in few letters, for an axis. */
  short(value: number): string {
    return this.compact.format(value);
  }

  /** A moment, with its day. */
  time(iso: string): string {
    return this.moment.format(new Date(iso));
  }

  /** A moment of this day. */
  clock(time: Date): string {
    return this.hour.format(time);
  }

  /** How long ago, in one unit. */
  ago(iso: string, now: number): string {
    const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
    if (seconds < 5) return this.t('justNow');
    if (seconds < 120) return this.t('secondsAgo', { count: seconds });
    return seconds < 7200
      ? this.t('minutesAgo', { count: Math.round(seconds / 60) })
      : this.t('hoursAgo', { count: Math.round(seconds / 3600) });
  }
}
