import { backoffMs } from '../shared/backoff';
import { ServerClock } from '../shared/clock';
import { byId, setAttribute, setText } from '../shared/dom';
import type { Speech } from './speech';
import { countdown } from './stage';
import type { SaleNow, Terms } from './types';

interface Card {
  readonly element: HTMLElement;
  readonly terms: Terms;
}

/** The list of sales: the server has written which there are, and this says how each of them is. */
export class HomePage {
  private readonly clock = new ServerClock();
  private readonly cards: Card[];
  private readonly sales = new Map<string, SaleNow>();

  constructor(private readonly root: string, private readonly speech: Speech) {
    this.cards = [...document.querySelectorAll<HTMLElement>('.card')].map((element) => ({
      element, terms: JSON.parse(element.dataset['sale']!) as Terms,
    }));
  }

  async start(): Promise<void> {
    setInterval(() => this.show(), 500);
    for (let failures = 0; ; ) {
      if (!document.hidden) failures = (await this.read()) ? 0 : failures + 1;
      this.show();
      await new Promise((done) => setTimeout(done, backoffMs(failures + 1, 4_000, 30_000)));
    }
  }

  /** Asks page by page, until every card is known. */
  private async read(): Promise<boolean> {
    const wanted = new Set(this.cards.map((card) => card.terms.id));
    for (let cursor = ''; wanted.size > 0; ) {
      const response = await fetch(`${this.root}/v1/sales?limit=100${cursor}`).catch(() => null);
      if (!response?.ok) return false;
      const page = (await response.json()) as { items: (SaleNow & { id: string; now: string })[]; next: string | null };
      for (const sale of page.items) {
        this.clock.hear(sale.now);
        if (wanted.delete(sale.id)) this.sales.set(sale.id, sale);
      }
      if (page.next === null) return true;
      cursor = `&cursor=${page.next}`;
    }
    return true;
  }

  private show(): void {
    const now = this.clock.now();
    for (const { element, terms } of this.cards) {
      const sale = this.sales.get(terms.id);
      const [state, text] = this.say(terms, sale, now);
      setAttribute(element, 'data-state', state);
      element.hidden = state === 'closed';
      setText(element.querySelector('.when')!, text);
      setText(element.querySelector('.price data')!, this.speech.money(terms.price));
    }
    byId('empty').hidden = this.cards.some((card) => !card.element.hidden);
  }

  private say(terms: Terms, sale: SaleNow | undefined, now: number): [string, string] {
    const leftMs = Date.parse(sale?.opensAt ?? terms.opensAt) - now;
    if (sale?.state === 'closed') return ['closed', ''];
    if (sale?.state === 'paused') return ['paused', this.speech.say('cardPaused')];
    if (leftMs > 0) {
      const { days, text } = countdown(leftMs);
      return ['scheduled', days > 0
        ? `${this.speech.say('opens')} ${this.speech.moment(terms.opensAt, now)}`
        : this.speech.say('opensIn', { time: text })];
    }
    if (sale?.soldOut) return ['sold-out', this.speech.say('cardSoldOut')];
    const left = sale ? ` · ${this.speech.say('cardLeft', { left: this.speech.whole(sale.available) })}` : '';
    return ['open', this.speech.say('openNow') + left];
  }
}
