import { h, setAttribute, setText } from '../shared/dom';
import { Actions } from './actions';
import type { Track } from './history';
import { LawLine } from './law';
import { Plot, type Line } from './plots';
import type { Board } from './state';
import { StockBar } from './stock';
import type { BoardSale } from './types';

const REASON_COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
const STEPS = [[], [6, 4], [2, 3], [10, 4], [8, 3, 2, 3], [4, 4]];

/** One sale: what it is doing now, and what it did in the last minutes. */
export class SaleView {
  readonly element: HTMLElement;
  private readonly title = h('h2', { tabindex: '-1' });
  private readonly state = h('span', {});
  private readonly when = h('p', { class: 'soft' });
  private readonly gate = h('p', { class: 'alarm', hidden: true });
  private readonly over: HTMLElement;
  private readonly stock: StockBar;
  private readonly law: LawLine;
  private readonly actions: Actions;
  private readonly plots: { plot: Plot; lines: (track: Track) => Line[] }[];

  constructor(private readonly board: Board, readonly sale: string, root: string) {
    const { speech } = board;
    this.stock = new StockBar(speech, true);
    this.law = new LawLine(board, sale);
    this.actions = new Actions(board, sale);
    this.plots = this.makePlots();
    this.over = h('p', { class: 'soft', hidden: true }, speech.t('gate.removed'));
    this.element = h(
      'article', { class: 'sale', 'aria-label': speech.t('theSale') },
      h('a', { class: 'back', href: '#/' }, speech.t('allSales')),
      h('header', {}, h('div', { class: 'heading' }, this.title, this.state), this.when,
        h('p', { class: 'soft' }, h('code', {}, sale), ' · ',
          h('a', { href: `${root}/s/${sale}`, target: '_blank', rel: 'noopener' }, speech.t('buyersPage'))), this.over),
      this.gate, this.law.element, this.stock.element, this.actions.element,
      h('div', { class: 'plots' }, ...this.plots.map(({ plot }) => plot.element)));
  }

  update(sale: BoardSale, now: number): void {
    const { speech, history } = this.board;
    setText(this.title, sale.title);
    setText(this.state, speech.t(`state.${sale.state}`));
    setAttribute(this.state, 'class', `chip ${sale.state}`);
    const opening = sale.state === 'scheduled' ? 'opensAt' : sale.state === 'closed' ? 'openedAt' : 'openSince';
    setText(this.when, speech.t(sale.closesAt ? 'opensAndCloses' : opening, {
      opens: speech.time(sale.opensAt), closes: sale.closesAt ? speech.time(sale.closesAt) : '',
    }));
    const isShut = sale.gate !== 'open' && sale.state !== 'closed';
    this.gate.hidden = !isShut;
    this.over.hidden = sale.gate !== 'removed';
    if (isShut) setText(this.gate, speech.t(`gate.${sale.gate ?? 'unknown'}`));
    this.law.update(sale, now);
    this.stock.update(sale);
    this.actions.update(sale);
    const track = history.of(sale.id);
    for (const { plot, lines } of this.plots) plot.show(track.lines, lines(track));
  }

  leave(): void {
    this.actions.leave();
  }

  private makePlots() {
    const { speech } = this.board;
    const line = (name: string, colour: string, more: Partial<Line> = {}): Line =>
      ({ name, label: speech.t(`line.${name}`), colour, ...more });
    const plot = (title: string, unit: string, lines: Line[] | ((track: Track) => Line[]), empty = 'plotEmpty') => ({
      plot: new Plot(speech, speech.t(title), speech.t(unit), speech.t(empty)),
      lines: typeof lines === 'function' ? lines : () => lines,
    });
    return [
      plot('plot.claims', 'perSecond', [line('claims', 'c1', { fill: true }), line('admitted', 'c2')]),
      plot('plot.refused', 'perSecond', ({ reasons }) => reasons.map((reason, i) => ({
        name: `refused:${reason}`, label: this.reason(reason), colour: REASON_COLOURS[i % 6]!, dash: STEPS[i % 6]!,
      })), 'noneRefused'),
      plot('plot.orders', 'noUnit', [
        line('sold', 'sold', { fill: true }), line('reserved', 'reserved'), line('queued', 'queued', { dash: [3, 3] }),
      ]),
      plot('plot.gate', 'noUnit', [line('available', 'c1', { fill: true }), line('gate', 'c2', { dash: [6, 4] })]),
      plot('plot.queueAge', 'seconds', [line('queueAge', 'c3', { fill: true })]),
      plot('plot.expiring', 'noUnit', [line('expiring', 'c4', { fill: true })]),
    ];
  }

  /** A reason that a newer server has is shown by the server's own word. */
  private reason(word: string): string {
    const { speech } = this.board;
    return speech.has(`refused.${word}`) ? speech.t(`refused.${word}`) : word;
  }
}
