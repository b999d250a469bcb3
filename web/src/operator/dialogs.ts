import { h } from '../shared/dom';
import type { Speech } from './speech';

/** A question that must be answered before something is done. */
export interface Question {
  title: string;
  text: string;
  yes: string;
  isGrave?: boolean;
  /** Asks for a number too. */
  number?: { label: string; value: number; min: number; max: number; fault: string };
}

/** Asks, in a dialog that keeps the focus; null where the answer is no. */
export function ask(speech: Speech, question: Question): Promise<{ number: number | null } | null> {
  const { number } = question;
  const input = number
    ? h('input', { type: 'number', inputmode: 'numeric', id: 'ask-number', required: true, min: String(number.min),
      max: String(number.max), step: '1', value: String(number.value), 'aria-describedby': 'ask-fault' })
    : null;
  const fault = h('p', { class: 'fault', id: 'ask-fault', role: 'alert' });
  const form = h(
    'form', { method: 'dialog', novalidate: true },
    h('h2', { id: 'ask-title' }, question.title),
    h('p', { id: 'ask-text' }, question.text),
    input && h('label', { for: 'ask-number' }, number!.label), input, input && fault,
    h('div', { class: 'row end' },
      h('button', { type: 'button', class: 'plain', value: 'no' }, speech.t('cancel')),
      h('button', { type: 'submit', class: question.isGrave ? 'grave' : 'go' }, question.yes)));
  const dialog = h(
    'dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' }, form);
  document.body.append(dialog);
  dialog.showModal();
  (input ?? form.querySelector<HTMLElement>('[value=no]')!).focus();
  input?.select();
  return new Promise((answer) => {
    const end = (value: { number: number | null } | null) => {
      dialog.close();
      dialog.remove();
      answer(value);
    };
    form.querySelector('[value=no]')!.addEventListener('click', () => end(null));
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      end(null);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (input && number) {
        const value = Number(input.value);
        const isRight = /^\d+$/.test(input.value) && value >= number.min && value <= number.max;
        fault.textContent = isRight ? '' : number.fault;
        input.setAttribute('aria-invalid', String(!isRight));
        if (!isRight) return input.focus();
        return end({ number: value });
      }
      end({ number: null });
    });
  });
}

/** Says what came of something, where a screen reader hears it, and takes it away after a while. */
export class Notices {
  readonly element = h('div', { class: 'notices', role: 'status', 'aria-live': 'polite' });

  constructor(private readonly speech: Speech) {}

  tell(text: string, isBad = false): void {
    const close = h('button', { type: 'button', class: 'quiet', 'aria-label': this.speech.t('dismiss') }, '×');
    const notice = h('div', { class: `notice ${isBad ? 'bad' : 'good'}` }, h('p', {}, text), close);
    close.addEventListener('click', () => notice.remove());
    this.element.append(notice);
    if (this.element.childElementCount > 4) this.element.firstElementChild!.remove();
    if (!isBad) setTimeout(() => notice.remove(), 8000);
  }
}
