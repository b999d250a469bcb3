import type { Api } from './api';
import { backoffMs } from '../shared/backoff';
import { ofTab } from '../shared/storage';
import type { Identity } from './identity';
import { waitForNextToken, waitForToken } from './token-time';

interface Kept {
  readonly token: string;
  readonly expiresAt: string;
}

/** What the page does when its pass changes. */
export interface PassListener {
  /** There is a purchase token now, or none any more. */
  onToken(hasToken: boolean, isFirst: boolean): void;
  /** Whether there is somebody who may buy. */
  onSignedIn(isSignedIn: boolean): void;
}

/**
 * The buyer's right to try at a sale: the purchase token, taken in good time before the doors open, each buyer at a
 * time of their own, and taken anew before it ends. It outlives a reload in this tab's storage; not where the program's
 * sign-in says who buys, for the next to sit here may be another.
 */
export class Pass {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private taking: Promise<string | null> | null = null;
  private isOver = false;
  private kept: Kept | null = null;

  constructor(
    private readonly saleId: string,
    private readonly root: string,
    private readonly api: Api,
    private readonly identity: Identity,
    private readonly now: () => number,
    private readonly listener: PassListener,
  ) {}

  /** The token, where there is one that is good for a moment yet. */
  get current(): string | null {
    const kept = this.read();
    return kept && Date.parse(kept.expiresAt) - this.now() > 1_000 ? kept.token : null;
  }

  /** Takes the token when its time has come. Who is not known at all is asked for at once. */
  plan(opensAt: string): void {
    const isKnown = this.identity.bearer !== null;
    if (isKnown) this.listener.onSignedIn(true);
    if (this.current) {
      this.listener.onToken(true, false);
      this.renewLater();
      return;
    }
    const waitMs = isKnown ? waitForToken(Date.parse(opensAt) - this.now(), Math.random()) : 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.take(), Math.min(waitMs, 2 ** 31 - 1));
  }

  /** The token, taken now where there is none; null where nobody may buy. */
  need(): Promise<string | null> {
    const token = this.current;
    return token ? Promise.resolve(token) : this.take();
  }

  /** The token is not good after all. */
  drop(): void {
    this.kept = null;
    ofTab.set(this.name(), null);
  }

  /** No token is needed any more: the sale is closed. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private take(): Promise<string | null> {
    this.taking ??= this.takeOnce().finally(() => (this.taking = null));
    return this.taking;
  }

  private async takeOnce(): Promise<string | null> {
    for (let failures = 0, strangers = 0; !this.isOver; ) {
      const answer = await this.api.purchaseToken(this.saleId);
      if (answer.ok) return this.keep(answer.body);
      if (answer.problem === 'unauthenticated') {
        await this.identity.forget();
        if (++strangers > 2 || !(await this.identity.becomeGuest(this.api))) {
          this.listener.onSignedIn(false);
          return null;
        }
      } else if (['no-answer', 'busy', 'rate-limited'].includes(answer.problem)) {
        await pause(Math.max(answer.retryAfterMs ?? 0, backoffMs(++failures, 500, 10_000)));
      } else {
        return null;
      }
    }
    return null;
  }

  private keep(kept: Kept): string {
    const isFirst = this.read() === null;
    this.kept = kept;
    if (this.identity.bearer !== null) ofTab.set(this.name(), JSON.stringify(kept));
    this.listener.onSignedIn(true);
    this.listener.onToken(true, isFirst);
    this.renewLater();
    return kept.token;
  }

  private renewLater(): void {
    const kept = this.read();
    if (!kept || this.isOver) return;
    clearTimeout(this.timer);
    const waitMs = waitForNextToken(Date.parse(kept.expiresAt) - this.now(), Math.random());
    this.timer = setTimeout(() => void this.take(), Math.max(1_000, waitMs));
  }

  private read(): Kept | null {
    return this.kept ?? (JSON.parse(ofTab.get(this.name()) ?? 'null') as Kept | null);
  }

  private name(): string {
    return `doorbuster.pass${this.root}/${this.saleId}/${this.identity.name}`;
  }
}

/** Waits. */
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
