import { h, setAttribute, setText } from '../shared/dom';
import { SaleView } from './sale-view';
import type { Board, View } from './state';
import { StockBar } from './stock';
import type { BoardSale } from './types';
import { byWeight } from './verdict';

/** The sales with their states and stocks, and one of them at length. */
export class SalesView implements View {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'sales' });
  private readonly empty: HTMLElement;
  private readonly more: HTMLElement;
  private readonly detail = h('div', { class: 'detail' });
  private readonly cards = new Map<string, Card>();
  private view: SaleView | null = null;

  /** @param chosen The sale that the address names; the foremost where null. */
  constructor(private readonly board: Board, private readonly root: string, private chosen: string | null) {
    const { speech } = board;
    this.empty = h('p', { class: 'empty', hidden: true }, speech.t('noSales'));
    const all = h('button', { type: 'button', class: 'plain' });
    all.addEventListener('click', () => void this.showAll());
    this.more = h('p', { class: 'more', hidden: true }, all);
    this.element = h(
      'div', { class: `board${chosen === null ? '' : ' chosen'}` },
      h('section', { class: 'index', 'aria-label': speech.t('sales') },
        h('div', { class: 'row heading' }, h('h2', { tabindex: '-1' }, speech.t('sales')),
          h('a', { class: 'button go', href: '#/new' }, speech.t('newSale'))),
        this.empty, this.list, this.more),
      this.detail);
  }

  update(): void {
    const { figures, history } = this.board;
    if (figures === null) return;
    const now = Date.parse(figures.now);
    const sales = byWeight(figures.sales);
    for (const sale of sales) {
      const card = this.cards.get(sale.id) ?? this.add(sale.id);
      card.update(sale, history.of(sale.id).recent('claims'));
    }
    this.arrange(sales);
    this.empty.hidden = figures.sales.length > 0;
    this.more.hidden = figures.moreSales === 0;
    setText(this.more.firstElementChild!, this.board.speech.t('moreSales', { count: figures.moreSales }));
    const id = this.chosen ?? sales[0]?.id ?? null;
    this.cards.forEach((card, key) => card.mark(key === id));
    const sale = figures.sales.find((one) => one.id === id);
    if (sale) this.show(sale, now);
  }

  leave(): void {
    this.view?.leave();
  }

  private show(sale: BoardSale, now: number): void {
    if (this.view?.sale !== sale.id) {
      this.view?.leave();
      this.view = new SaleView(this.board, sale.id, this.root);
      this.detail.replaceChildren(this.view.element);
      // What is shown without being asked for does not change under the eyes of who reads it.
      this.chosen = sale.id;
    }
    this.view.update(sale, now);
  }

  private add(id: string): Card {
    const card = new Card(this.board, id);
    this.cards.set(id, card);
    this.list.append(card.element);
    return card;
  }

  /** Brings the list into order, where it is not, without taking the focus from anyone. */
  private arrange(sales: readonly BoardSale[]): void {
    const wanted = sales.map((sale) => this.cards.get(sale.id)!.element);
    if (wanted.every((element, i) => this.list.children[i] === element)) return;
    const focused = document.activeElement;
    this.list.prepend(...wanted);
    if (focused instanceof HTMLElement && this.list.contains(focused)) focused.focus();
  }

  /** Lists the sales that have no figures of their own here; opening one asks for them. */
  private async showAll(): Promise<void> {
    try {
      for (const sale of await this.board.desk.sales()) {
        if (!this.cards.has(sale.id)) this.list.append(h('li', { class: 'plain-sale' },
          h('a', { href: `#/sales/${sale.id}` }, sale.title), ' ',
          h('span', { class: `chip ${sale.state}` }, this.board.speech.t(`state.${sale.state}`))));
      }
      this.more.remove();
    } catch (fault) {
      this.board.fail(fault);
    }
  }
}

/** A sale in the list. */
class Card {
  readonly element: HTMLElement;
  private readonly link: HTMLElement;
  private readonly title = h('span', { class: 'title' });
  private readonly state = h('span', {});
  private readonly law = h('span', {});
  private readonly pace = h('span', { class: 'soft' });
  private readonly left = h('span', { class: 'soft' });
  private readonly stock: StockBar;

  constructor(private readonly board: Board, id: string) {
    this.stock = new StockBar(board.speech, false);
    this.link = h(
      'a', { href: `#/sales/${id}`, class: 'card' },
      h('span', { class: 'heading' }, this.title, this.state), this.stock.element,
      h('span', { class: 'heading small' }, this.left, this.pace, this.law));
    this.element = h('li', {}, this.link);
  }

  update(sale: BoardSale, pace: number | null): void {
    const { speech } = this.board;
    setText(this.title, sale.title);
    setText(this.state, speech.t(`state.${sale.state}`));
    setAttribute(this.state, 'class', `chip ${sale.state}`);
    setText(this.left, speech.t('leftOf', {
      left: speech.number(sale.available), quantity: speech.number(sale.quantity),
    }));
    setText(this.pace, sale.state === 'open' && pace !== null ? speech.t('claimsPace', { rate: pace }) : '');
    const isBroken = sale.lawHolds === false || sale.lastAudit?.lawHolds === false;
    const level = isBroken ? 'bad' : sale.lawHolds === null ? 'warn' : 'good';
    setAttribute(this.law, 'class', `dot ${level}`);
    setText(this.law, speech.t(isBroken ? 'lawShortBroken' : sale.lawHolds === null ? 'lawShortUnknown' : 'lawShort'));
    this.stock.update(sale);
  }

  mark(isChosen: boolean): void {
    setAttribute(this.link, 'aria-current', isChosen ? 'true' : null);
  }
}
