/** An event of an event stream (HTML Standard, section 9.2.6), without the fields that nobody here needs. */
export interface StreamEvent {
  type: string;
  data: string;
}

/** Takes an event stream apart as it comes, in pieces that may end anywhere. */
export class EventParser {
  private rest = '';
  private type = '';
  private data: string[] = [];

  /** Takes a piece, and gives the events that are whole with it. */
  push(piece: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.take(line);
      if (event) events.push(event);
    }
    return events;
  }

  private take(line: string): StreamEvent | null {
    if (line === '') {
      const event = this.data.length > 0 ? { type: this.type || 'message', data: this.data.join('\n') } : null;
      [this.type, this.data] = ['', []];
      return event;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.type = value;
    else if (name === 'data') this.data.push(value);
    return null;
  }
}
