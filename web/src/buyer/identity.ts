import { agree, agreedOn, lastKnown } from '../shared/agreed';
import { ofTab } from '../shared/storage';
import type { Api } from './api';

const tokenName = 'doorbuster.token';
const guestName = 'doorbuster.guest';

/**
 * Who is looking at the page. The shop hands its buyer over with #token=…, which goes into this tab's own storage and
 * out of the address at once; else the program's own sign-in counts; else, where guests are on, this browser is one
 * guest, in all its tabs.
 */
export class Identity {
  private token: string | null;

  /** @param root Tells one shop of this origin from another. */
  constructor(private readonly root: string) {
    takeFromAddress(root);
    this.token = ofTab.get(tokenName + root) ?? lastKnown(guestName + root);
  }

  /** What calls are made with; null where there is none. */
  get bearer(): string | null {
    return this.token;
  }

  /** A name of the buyer for what this browser keeps; it is no proof of anything. */
  get name(): string {
    return this.token === null ? '' : (subjectOf(this.token) ?? this.token.slice(-32));
  }

  /**
   * Becomes a guest where there is nobody. Tabs that do so at once become the same one.
   *
   * @returns False where nobody may be made up, or nobody answered.
   */
  async becomeGuest(api: Api): Promise<boolean> {
    const name = guestName + this.root;
    const guest = await agreedOn(name);
    if (guest) {
      this.token = guest;
      return true;
    }
    const answer = await api.guest();
    if (!answer.ok) return false;
    this.token = await agree(name, (other) => other ?? answer.body.token);
    return true;
  }

  /** The token is no longer good. */
  async forget(): Promise<void> {
    const { token } = this;
    this.token = null;
    ofTab.set(tokenName + this.root, null);
    await agree(guestName + this.root, (guest) => guest === token ? null : guest);
  }
}

function takeFromAddress(root: string): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (token) ofTab.set(tokenName + root, token);
}

function subjectOf(token: string): string | null {
  try {
    const part = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const subject = (JSON.parse(atob(part)) as { sub?: unknown }).sub;
    return typeof subject === 'string' ? subject : null;
  } catch {
    return null;
  }
}
