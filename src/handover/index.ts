export { embed } from './embed.ts';
export { exportLayer } from './exportLayer.ts';
export { reportOf } from './report.ts';
