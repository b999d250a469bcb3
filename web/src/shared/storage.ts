/**
 * What a browser keeps, by name. Where it keeps nothing (storage that is switched off or full), it is kept as long as
 * the page is open: less than the buyer may hope for, and enough to buy.
 */
export class Storage {
  private readonly instead = new Map<string, string | null>();

  /** @param open Gives the browser's own; it may throw. */
  constructor(private readonly open: () => globalThis.Storage) {}

  get(name: string): string | null {
    const kept = this.instead.get(name);
    if (kept !== undefined) return kept;
    try {
      return this.open().getItem(name);
    } catch {
      return null;
    }
  }

  /** Keeps a text, or with null nothing. */
  set(name: string, text: string | null): void {
    try {
      if (text === null) this.open().removeItem(name);
      else this.open().setItem(name, text);
      this.instead.delete(name);
    } catch {
      this.instead.set(name, text);
    }
  }
}

/** Of the browser, in all its tabs and after it was closed. */
export const ofBrowser = new Storage(() => localStorage);

/** Of this tab alone, through reloads. */
export const ofTab = new Storage(() => sessionStorage);
