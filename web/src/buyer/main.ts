import './buyer.css';

document.documentElement.dataset['ready'] = 'yes';
