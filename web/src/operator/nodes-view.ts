import { h } from '../shared/dom';
import type { Board, View } from './state';
import type { BoardNode } from './types';
import { isWell } from './verdict';

/** The nodes: who lives, who is ready, who is behind. */
export class NodesView implements View {
  readonly element: HTMLElement;
  private readonly body = h('tbody', {});
  private readonly empty: HTMLElement;

  constructor(private readonly board: Board) {
    const { speech } = board;
    const head = ['node', 'nodeHealth', 'nodeRoles', 'nodeLag', 'nodeClaims', 'nodeStarted'];
    this.empty = h('p', { class: 'empty', hidden: true }, speech.t('nodesUnknown'));
    this.element = h(
      'section', { class: 'panel' }, h('h2', { tabindex: '-1' }, speech.t('nodes')),
      h('p', { class: 'soft' }, speech.t('nodesText')), this.empty,
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': speech.t('nodes') },
        h('table', {},
          h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, speech.t(name))))), this.body)));
  }

  update(): void {
    const { figures } = this.board;
    if (figures === null) return;
    this.empty.hidden = figures.nodes !== null;
    const now = Date.parse(figures.now);
    this.body.replaceChildren(...(figures.nodes ?? []).map((node) => this.row(node, node.id === figures.node, now)));
  }

  private row(node: BoardNode, isMine: boolean, now: number): HTMLElement {
    const { speech } = this.board;
    const health = isWell(node) ? speech.t('nodeWell')
      : node.status === 'gone' ? speech.t('nodeGone', { ago: speech.ago(node.seenAt, now) })
        : node.reasons.join(' ');
    const level = isWell(node) ? 'good' : node.status === 'gone' ? 'bad' : 'warn';
    return h(
      'tr', {},
      h('th', { scope: 'row' }, node.name, isMine && h('span', { class: 'soft' }, ` ${speech.t('nodeThis')}`)),
      h('td', {}, h('span', { class: `dot ${level}` }, health)),
      h('td', {}, node.roles.map((role) => speech.t(`role.${role}`)).join(', ')),
      h('td', { class: 'number' }, node.lagMs === null ? '–' : speech.t('milliseconds', { count: node.lagMs })),
      h('td', { class: 'number' }, speech.number(node.claims)),
      h('td', {}, speech.time(node.startedAt)));
  }
}
