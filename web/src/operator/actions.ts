import { h } from '../shared/dom';
import { newRequestId } from './desk';
import { ask, type Question } from './dialogs';
import type { Board } from './state';
import type { BoardSale, SaleState } from './types';

const MOST_UNITS = 100_000_000;

/** What an operator can do to a sale, each after a question. */
export class Actions {
  readonly element: HTMLElement;
  private readonly buttons: { button: HTMLElement; states: SaleState[] }[];
  private readonly progress = h('span', { class: 'progress', role: 'status' });
  private exporting: AbortController | null = null;
  private shown: BoardSale | null = null;

  constructor(private readonly board: Board, private readonly sale: string) {
    this.buttons = [
      this.button('pause', ['open', 'scheduled'], 'plain', () => this.turn('pause', false)),
      this.button('resume', ['paused'], 'go', () => this.turn('resume', false)),
      this.button('replenish', ['open', 'scheduled', 'paused'], 'plain', () => this.replenish()),
      this.link('edit', ['open', 'scheduled', 'paused'], `#/sales/${sale}/edit`),
      this.button('close', ['open', 'scheduled', 'paused'], 'grave quietly', () => this.turn('close', true)),
      this.button('csv', ['open', 'scheduled', 'paused', 'closed'], 'plain', () => this.export()),
    ];
    this.element = h('div', { class: 'row actions' }, ...this.buttons.map((one) => one.button), this.progress);
  }

  update(sale: BoardSale): void {
    this.shown = sale;
    for (const { button, states } of this.buttons) button.hidden = !states.includes(sale.state);
  }

  leave(): void {
    this.exporting?.abort();
  }

  private button(name: string, states: SaleState[], kind: string, act: () => Promise<void>) {
    const button = h('button', { type: 'button', class: kind, 'data-act': name }, this.board.speech.t(name));
    button.addEventListener('click', () => void act());
    return { button, states };
  }

  private link(name: string, states: SaleState[], href: string) {
    return { button: h('a', { class: 'button plain', href, 'data-act': name }, this.board.speech.t(name)), states };
  }

  private question(what: string): Question {
    const { speech } = this.board;
    return {
      title: speech.t(`ask.${what}`, { sale: this.shown?.title ?? this.sale }),
      text: speech.t(`ask.${what}.text`),
      yes: speech.t(what),
    };
  }

  private async turn(what: 'pause' | 'resume' | 'close', isGrave: boolean): Promise<void> {
    const { speech, desk, notices } = this.board;
    if (!(await ask(speech, { ...this.question(what), isGrave }))) return;
    try {
      await desk.turn(this.sale, what);
      notices.tell(speech.t(`done.${what}`, { sale: this.shown?.title ?? this.sale }));
    } catch (fault) {
      this.board.fail(fault);
    }
  }

  private async replenish(): Promise<void> {
    const { speech, desk, notices } = this.board;
    const most = MOST_UNITS - (this.shown?.quantity ?? 0);
    const number = {
      label: speech.t('replenishUnits'), value: 10, min: 1, max: most,
      fault: speech.t('badWhole', { min: 1, max: most }),
    };
    const answer = await ask(speech, { ...this.question('replenish'), number });
    if (answer === null || answer.number === null) return;
    try {
      await desk.replenish(this.sale, answer.number, newRequestId());
      notices.tell(speech.t('done.replenish', { count: answer.number }));
    } catch (fault) {
      this.board.fail(fault);
    }
  }

  private async export(): Promise<void> {
    const { speech, desk, notices } = this.board;
    if (this.exporting) return this.exporting.abort();
    this.exporting = new AbortController();
    const button = this.element.querySelector('[data-act=csv]')!;
    button.textContent = speech.t('csvStop');
    try {
      const table = await desk.orders(this.sale, this.exporting.signal, (count) => {
        this.progress.textContent = speech.t('csvProgress', { count });
      });
      save(table, `orders-${this.sale}.csv`);
      notices.tell(speech.t('csvDone'));
    } catch (fault) {
      if (!this.exporting.signal.aborted) this.board.fail(fault);
    } finally {
      this.exporting = null;
      button.textContent = speech.t('csv');
      this.progress.textContent = '';
    }
  }
}

function save(table: Blob, name: string): void {
  const link = h('a', { href: URL.createObjectURL(table), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
