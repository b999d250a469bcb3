import { h, setAttribute, setText } from '../shared/dom';

/** How many units are wanted, and how it is said. */
export interface Choice {
  readonly value: number;
  readonly most: number;
  readonly label: string;
  readonly fewer: string;
  readonly more: string;
  readonly choose: (quantity: number) => void;
}

/**
 * A number between two buttons: typed, stepped with the arrow keys, or pressed. Its buttons stay where they are at
 * both ends, so that nobody loses the focus, and what they come to is said aloud.
 */
export class Stepper {
  private readonly fewer = h('button', { class: 'step', type: 'button' }, '−');
  private readonly more = h('button', { class: 'step', type: 'button' }, '+');
  private readonly input = h('input', { type: 'number', inputmode: 'numeric', min: '1', step: '1' });
  private readonly said = h('output', { class: 'unseen' });
  readonly element = h('div', { class: 'choice', role: 'group', hidden: true },
    this.fewer, this.input, this.more, this.said);
  private choice: Choice | null = null;

  constructor() {
    this.fewer.addEventListener('click', () => this.step(-1));
    this.more.addEventListener('click', () => this.step(1));
    this.input.addEventListener('input', () => this.typed(false));
    this.input.addEventListener('change', () => this.typed(true));
  }

  /** Shows a choice; none where there is nothing to choose. */
  show(choice: Choice | null): void {
    this.choice = choice;
    this.element.hidden = choice === null;
    if (!choice) return;
    const { value, most, label, fewer, more } = choice;
    setAttribute(this.element, 'aria-label', label);
    setAttribute(this.input, 'aria-label', label);
    setAttribute(this.input, 'max', String(most));
    setAttribute(this.fewer, 'aria-label', fewer);
    setAttribute(this.more, 'aria-label', more);
    setAttribute(this.fewer, 'aria-disabled', value <= 1 ? 'true' : null);
    setAttribute(this.more, 'aria-disabled', value >= most ? 'true' : null);
    // Who types is not interrupted.
    if (document.activeElement !== this.input) this.write(value);
  }

  private step(by: number): void {
    if (!this.choice) return;
    const { value, most, choose } = this.choice;
    choose(Math.min(most, Math.max(1, value + by)));
    setText(this.said, String(this.choice.value));
  }

  private typed(isOver: boolean): void {
    if (!this.choice) return;
    const { value, most, choose } = this.choice;
    const typed = Math.round(Number(this.input.value));
    if (typed >= 1 && typed <= most) choose(typed);
    else if (isOver) choose(typed > most ? most : typed < 1 && this.input.value ? 1 : value);
    if (isOver) this.write(this.choice.value);
  }

  private write(value: number): void {
    if (this.input.value !== String(value)) this.input.value = String(value);
  }
}
