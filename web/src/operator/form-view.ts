import { h } from '../shared/dom';
import { Refusal } from './api';
import { blank, check, faultsOf, isFixed, toBody, toPatch, typedOf, type Field, type Typed } from './form';
import type { Board, View } from './state';
import type { SaleState } from './types';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The form in which a sale is created, or its terms are changed. What is not right is said as one types. */
export class FormView implements View {
  readonly element: HTMLElement;
  private readonly form = h('form', { class: 'terms', novalidate: true });
  private readonly controls = new Map<Field, Control>();
  private readonly faults = new Map<Field, HTMLElement>();
  private readonly touched = new Set<Field>();
  private readonly summary = h('p', { class: 'fault', role: 'alert' });
  private before: Typed;
  private tag = '';
  private state: SaleState | null = null;

  /** @param sale The sale to change; a new one where null. */
  constructor(private readonly board: Board, private readonly sale: string | null) {
    const { speech } = board;
    this.before = blank(new Date());
    const heading = speech.t(sale === null ? 'newSale' : 'editSale');
    this.element = h('section', { class: 'panel narrow' }, h('h2', { tabindex: '-1' }, heading), this.form);
    if (sale === null) this.build();
    else void this.load(sale);
  }

  update(): void {}

  private async load(sale: string): Promise<void> {
    try {
      const read = await this.board.desk.sale(sale);
      [this.before, this.tag, this.state] = [typedOf(read.sale), read.tag, read.sale.state];
      this.build();
    } catch (fault) {
      this.board.fail(fault);
    }
  }

  private build(): void {
    const { speech } = this.board;
    const input = (type: string, more: Record<string, string> = {}) => h('input', { type, ...more });
    const units = h('select', {},
      ...(['S', 'M', 'H'] as const).map((unit) => h('option', { value: unit }, speech.t(`unit.${unit}`))));
    this.form.replaceChildren(
      this.field('title', input('text', { maxlength: '200', autocomplete: 'off', required: '' })),
      this.field('id', input('text', { maxlength: '64', autocomplete: 'off', spellcheck: 'false' })),
      this.field('description', h('textarea', { rows: '4', maxlength: '4000' })),
      this.field('imageUrl', input('url', { maxlength: '2000' })),
      h('div', { class: 'pair' }, this.field('quantity', input('text', { inputmode: 'numeric', required: '' })),
        this.field('perBuyerLimit', input('text', { inputmode: 'numeric', required: '' }))),
      h('div', { class: 'pair' }, this.field('price', input('text', { inputmode: 'decimal', required: '' })),
        this.field('currency', input('text', { maxlength: '3', autocapitalize: 'characters', required: '' }))),
      h('div', { class: 'pair' }, this.field('opensAt', input('datetime-local', { step: '1', required: '' })),
        this.field('closesAt', input('datetime-local', { step: '1' }))),
      h('div', { class: 'pair' }, this.field('windowAmount', input('text', { inputmode: 'numeric', required: '' })),
        this.field('windowUnit', units)),
      this.field('requirePurchaseToken', input('checkbox')),
      this.summary,
      h('div', { class: 'row end' },
        h('a', { class: 'button plain', href: this.sale === null ? '#/' : `#/sales/${this.sale}` }, speech.t('cancel')),
        h('button', { type: 'submit', class: 'go' }, speech.t(this.sale === null ? 'create' : 'save'))));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  private field(name: Field, control: Control): HTMLElement {
    const { speech } = this.board;
    const fixed = isFixed(name, this.state);
    const [id, hint] = [`field-${name}`, speech.has(`hint.${name}`) ? speech.t(`hint.${name}`) : ''];
    const fault = h('p', { class: 'fault', id: `${id}-fault`, 'aria-live': 'polite' });
    control.id = id;
    control.disabled = fixed;
    control.setAttribute('aria-describedby', `${id}-hint ${id}-fault`);
    const value = this.before[name];
    if (typeof value === 'boolean') (control as HTMLInputElement).checked = value;
    else control.value = value;
    control.addEventListener('input', () => {
      this.touched.add(name);
      this.say(check(this.typed()), false);
    });
    control.addEventListener('blur', () => {
      this.touched.add(name);
      this.say(check(this.typed()), false);
    });
    this.controls.set(name, control);
    this.faults.set(name, fault);
    const label = h('label', { for: id }, speech.t(`field.${name}`));
    const note = h('p', { class: 'hint', id: `${id}-hint` }, fixed ? speech.t('fixed') : hint);
    return (control as HTMLInputElement).type === 'checkbox'
      ? h('div', { class: 'field check' }, control, label, note, fault)
      : h('div', { class: 'field' }, label, control, note, fault);
  }

  private typed(): Typed {
    const typed = { ...this.before } as Record<Field, string | boolean>;
    for (const [name, control] of this.controls) {
      const isBox = control instanceof HTMLInputElement && control.type === 'checkbox';
      typed[name] = isBox ? control.checked : control.value;
    }
    typed['currency'] = String(typed['currency']).toUpperCase();
    return typed as unknown as Typed;
  }

  /** Shows what is not right: where one has typed, or everywhere. Focuses the first of it, where asked. */
  private say(faults: ReturnType<typeof check>, everywhere: boolean): boolean {
    const { speech } = this.board;
    let first: Control | null = null;
    for (const [name, control] of this.controls) {
      const fault = faults[name];
      const isShown = fault !== undefined && !control.disabled && (everywhere || this.touched.has(name));
      this.mark(name, isShown ? speech.t(fault.text, fault.holes) : '');
      if (isShown) first ??= control;
    }
    if (everywhere) first?.focus();
    return first === null;
  }

  private mark(name: Field, text: string): void {
    const [control, fault] = [this.controls.get(name)!, this.faults.get(name)!];
    if (fault.textContent !== text) fault.textContent = text;
    control.setAttribute('aria-invalid', String(text !== ''));
  }

  private async send(): Promise<void> {
    const { speech, desk, notices } = this.board;
    const typed = this.typed();
    this.summary.textContent = '';
    if (!this.say(check(typed), true)) return;
    const button = this.form.querySelector<HTMLButtonElement>('[type=submit]')!;
    button.disabled = true;
    try {
      const sale = this.sale === null
        ? await desk.create(toBody(typed))
        : await desk.edit(this.sale, toPatch(this.before, typed), this.tag);
      notices.tell(speech.t(this.sale === null ? 'done.create' : 'done.edit', { sale: sale.title }));
      this.board.go(`#/sales/${sale.id}`);
    } catch (fault) {
      this.refuse(fault);
    } finally {
      button.disabled = false;
    }
  }

  /** What the server has against a field is said at the field. */
  private refuse(fault: unknown): void {
    if (!(fault instanceof Refusal)) return this.board.fail(fault);
    const { fields, others } = faultsOf(fault.problem);
    if (fault.problem.type?.endsWith('/sale-exists')) fields.set('id', this.board.speech.t('idTaken'));
    for (const [name, detail] of fields) this.mark(name, detail);
    const first = [...fields.keys()][0];
    if (first) this.controls.get(first)?.focus();
    if (fault.status === 412) others.push(this.board.speech.t('changedMeanwhile'));
    this.summary.textContent = [...others, ...(fields.size + others.length === 0 ? [fault.message] : [])].join(' ');
  }
}
