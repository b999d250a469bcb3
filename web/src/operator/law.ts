import { h, setAttribute, setText } from '../shared/dom';
import { ask } from './dialogs';
import type { Board } from './state';
import type { AuditReport, BoardSale } from './types';

/** The law of one sale: a green or a red line, the last audit, and the buttons to audit and to repair. */
export class LawLine {
  readonly element: HTMLElement;
  private readonly mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
  private readonly said = h('strong', {});
  private readonly sum = h('span', { class: 'sum' });
  private readonly last = h('p', { class: 'last' });
  private readonly found = h('ul', { class: 'differences', hidden: true });
  private readonly audit: HTMLButtonElement;
  private readonly repair: HTMLButtonElement;

  constructor(private readonly board: Board, private readonly sale: string) {
    const { speech } = board;
    this.audit = h('button', { type: 'button', class: 'plain' }, speech.t('audit'));
    this.repair = h('button', { type: 'button', class: 'plain' }, speech.t('repair'));
    this.audit.addEventListener('click', () => void this.run(this.audit, () => board.desk.audit(sale)));
    this.repair.addEventListener('click', () => void this.askRepair());
    this.element = h(
      'section', { class: 'law', 'aria-label': speech.t('law') },
      this.mark,
      h('div', { class: 'words' }, h('p', {}, this.said, ' ', this.sum), this.last, this.found),
      h('div', { class: 'row' }, this.audit, this.repair));
  }

  update(sale: BoardSale, now: number): void {
    const { speech } = this.board;
    const { lastAudit: audit } = sale;
    const holds = audit?.lawHolds === false ? false : sale.lawHolds;
    const level = holds === null ? 'warn' : holds ? 'good' : 'bad';
    setAttribute(this.element, 'class', `law ${level}`);
    setText(this.mark, holds === null ? '?' : holds ? '✓' : '✕');
    setText(this.said, speech.t(holds === null ? 'lawLineUnknown' : holds ? 'lawLineHolds' : 'lawLineBroken'));
    setText(this.sum, sale.quantity === null ? '' : speech.t('lawSum', {
      quantity: sale.quantity, available: sale.available!, reserved: sale.reserved!, sold: sale.sold!,
    }));
    setText(this.last, audit === null
      ? speech.t('neverAudited')
      : speech.t(audit.lawHolds ? 'auditedWell' : 'auditedBadly', {
        ago: speech.ago(audit.at, now), count: audit.differences,
      }));
  }

  private async askRepair(): Promise<void> {
    const { speech, desk } = this.board;
    const question = { title: speech.t('askRepair'), text: speech.t('askRepairText'), yes: speech.t('repair') };
    if (await ask(speech, question)) await this.run(this.repair, () => desk.repair(this.sale));
  }

  private async run(button: HTMLButtonElement, look: () => Promise<AuditReport>): Promise<void> {
    const { speech, notices } = this.board;
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
    try {
      const report = await look();
      this.found.hidden = report.lawHolds;
      this.found.replaceChildren(...report.differences.map((difference) => h('li', {}, difference)));
      notices.tell(
        report.lawHolds ? speech.t('auditFoundNothing') : speech.t('auditFound', { count: report.differences.length }),
        !report.lawHolds);
    } catch (fault) {
      this.board.fail(fault);
    } finally {
      button.removeAttribute('aria-busy');
      button.disabled = false;
    }
  }
}
