export { type DemoApiOptions, demoApi } from './demo-api.ts';
export { userIdOf } from './get-user.ts';
