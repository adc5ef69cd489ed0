export { datasetsPlugin } from './plugin';
