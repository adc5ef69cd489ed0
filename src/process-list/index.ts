export { processListPlugin } from './plugin';
