import { h } from '../shared/dom';
import { Api, Refusal } from './api';
import type { Speech } from './speech';
import { readToken } from './token';

/** Asks for the operator's token, and says clearly what is wrong with one. */
export class SignIn {
  readonly element: HTMLElement;
  private readonly input = h('textarea', {
    id: 'token', rows: '4', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off',
    'aria-describedby': 'token-hint token-fault',
  });
  private readonly fault = h('p', { class: 'fault', id: 'token-fault', role: 'alert' });
  private readonly button: HTMLButtonElement;

  /**
   * @param why Why there is no token any more; nothing where there was none.
   * @param onToken Given a token that the server takes for an operator's.
   */
  constructor(
    private readonly speech: Speech, private readonly root: string, why: string,
    private readonly onToken: (token: string) => void,
  ) {
    this.button = h('button', { type: 'submit', class: 'go' }, speech.t('signIn'));
    const form = h(
      'form', { class: 'sign-in', novalidate: true },
      h('h1', { tabindex: '-1' }, speech.t('signInTitle')), h('p', { class: 'soft' }, speech.t('signInText')),
      h('label', { for: 'token' }, speech.t('token')), this.input,
      h('p', { class: 'hint', id: 'token-hint' }, speech.t('tokenHint'), ' ',
        h('code', {}, 'doorbuster token --operator')),
      this.fault, this.button);
    this.fault.textContent = why;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.tryToken(this.input.value.trim());
    });
    this.element = h('main', { id: 'main', class: 'gate' }, form);
  }

  /** Tries a token that was handed over. */
  async tryToken(token: string): Promise<void> {
    this.fault.textContent = this.faultOf(token);
    this.input.setAttribute('aria-invalid', String(this.fault.textContent !== ''));
    if (this.fault.textContent !== '') return this.input.focus();
    this.button.disabled = true;
    try {
      await new Api(this.root, token, () => {}).call('/v1/nodes?limit=1');
      this.onToken(token);
    } catch (fault) {
      this.fault.textContent = whyRefused(this.speech, fault, token);
      this.input.focus();
    } finally {
      this.button.disabled = false;
    }
  }

  private faultOf(token: string): string {
    const words = readToken(token);
    if (token === '') return this.speech.t('tokenMissing');
    if (words === null) return this.speech.t('tokenNone');
    return words.expiresAt !== null && words.expiresAt < Date.now()
      ? this.speech.t('tokenExpired', { time: this.speech.time(new Date(words.expiresAt).toISOString()) })
      : '';
  }
}

/** Why the server does not take a token, in words for a person. */
export function whyRefused(speech: Speech, fault: unknown, token: string): string {
  if (!(fault instanceof Refusal)) return speech.t('noServer');
  const expiresAt = readToken(token)?.expiresAt ?? null;
  if (fault.status === 401) {
    return expiresAt !== null && expiresAt < Date.now()
      ? speech.t('tokenExpired', { time: speech.time(new Date(expiresAt).toISOString()) })
      : speech.t('tokenRefused');
  }
  return fault.status === 403 ? speech.t('tokenNotOperator') : fault.message;
}
