import './buyer.css';
import { byId } from '../shared/dom';
import { HomePage } from './home-page';
import { OrderPage } from './order-page';
import { SalePage } from './sale-page';
import { speak } from './speech';
import type { Terms } from './types';

const { page, root = '' } = document.documentElement.dataset;
const speech = speak();
const terms = (): Terms => JSON.parse(byId('main').dataset['sale']!) as Terms;

if (page === 'home') void new HomePage(root, speech).start();
else if (page === 'sale') void new SalePage(root, speech, terms()).start();
else if (page === 'order') void new OrderPage(root, speech, terms(), byId('main').dataset['order']!).start();
