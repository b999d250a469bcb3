import { h } from '../shared/dom';
import { ask } from './dialogs';
import type { Board, View } from './state';
import type { DeadLetter } from './types';

/** Claims that were admitted and could not be written: each holds its units until somebody sees to it. */
export class LettersView implements View {
  readonly element: HTMLElement;
  private readonly body = h('div', { 'aria-live': 'polite' });
  private known: number | null | undefined;

  constructor(private readonly board: Board) {
    const { speech } = board;
    const again = h('button', { type: 'button', class: 'plain' }, speech.t('lookAgain'));
    again.addEventListener('click', () => void this.load());
    this.element = h(
      'section', { class: 'panel' },
      h('div', { class: 'row heading' }, h('h2', { tabindex: '-1' }, speech.t('letters')), again),
      h('p', { class: 'soft' }, speech.t('lettersText')), this.body);
    void this.load();
  }

  /** Looks again where the count has changed. */
  update(): void {
    const count = this.board.figures?.deadLetters;
    if (this.known !== undefined && count !== this.known) void this.load();
    this.known = count;
  }

  private async load(): Promise<void> {
    try {
      this.show(await this.board.desk.letters());
    } catch (fault) {
      this.board.fail(fault);
    }
  }

  private show(letters: readonly DeadLetter[]): void {
    const { speech } = this.board;
    if (letters.length === 0) {
      this.body.replaceChildren(h('p', { class: 'empty good' }, speech.t('noLetters')));
      return;
    }
    const head = ['letterSale', 'letterBuyer', 'letterUnits', 'letterSince', 'letterReason'];
    const region = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': speech.t('letters') };
    this.body.replaceChildren(h('div', region,
      h('table', {},
        h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, speech.t(name))), h('td'))),
        h('tbody', {}, ...letters.map((letter) => this.row(letter))))));
  }

  private row(letter: DeadLetter): HTMLElement {
    const { speech } = this.board;
    const button = h(
      'button', { type: 'button', class: 'go', 'aria-label': speech.t('replayOf', { order: letter.orderId }) },
      speech.t('replay'));
    button.addEventListener('click', () => void this.replay(letter));
    return h(
      'tr', {},
      h('th', { scope: 'row' }, h('a', { href: `#/sales/${letter.saleId}` }, letter.saleId),
        h('div', { class: 'soft code' }, letter.orderId)),
      h('td', {}, letter.buyerId), h('td', { class: 'number' }, speech.number(letter.quantity)),
      h('td', {}, speech.time(letter.deadLetteredAt)), h('td', {}, letter.reason), h('td', {}, button));
  }

  private async replay(letter: DeadLetter): Promise<void> {
    const { speech, desk, notices } = this.board;
    const question = { title: speech.t('askReplay'), text: speech.t('askReplayText'), yes: speech.t('replay') };
    if (!(await ask(speech, question))) return;
    try {
      await desk.replay(letter.id);
      notices.tell(speech.t('replayed'));
    } catch (fault) {
      this.board.fail(fault);
    }
    await this.load();
  }
}
