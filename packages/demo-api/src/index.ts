export { type DemoApiOptions, demoApi } from './demo-api.ts';
