/**
 * The server's time, told by what it says, on a clock that no one can set. A word of the server is old by the time it
 * took to come, so the latest time that any recent word allows is the nearest to the truth.
 */
export class ServerClock {
  private readonly offsets: number[] = [];

  /** @param ticks Milliseconds of a clock that only goes on; the page's own, not the device's. */
  constructor(private readonly ticks: () => number = () => performance.now()) {}

  /** Whether the server has said what time it is. */
  get isSet(): boolean {
    return this.offsets.length > 0;
  }

  /** The server has said what time it is. */
  hear(now: string | undefined): void {
    const told = now === undefined ? NaN : Date.parse(now);
    if (Number.isNaN(told)) return;
    this.offsets.push(told - this.ticks());
    if (this.offsets.length > 8) this.offsets.shift();
  }

  /** Milliseconds since 1970 at the server; the device's own time while the server has said nothing. */
  now(): number {
    return this.isSet ? this.ticks() + Math.max(...this.offsets) : Date.now();
  }
}
